// Codes of the checklist as citizens read them.

const CERTAINTY = {
  confirmed: { words: "已确认", sure: true },
  reported: { words: "据报道", sure: false },
  demo: { words: "演示数据", sure: false },
  verified: { words: "已核对", sure: true },
  recalled: { words: "凭经验，待核", sure: false },
  unsure: { words: "未核实", sure: false },
};
const FORM = {
  original: "原件",
  copy: "复印件",
  electronic: "电子版",
  original_or_electronic: "原件或电子版",
};
const UNIT = { workday: "个工作日", day: "天", hour: "小时" };

/** How sure a value is: {words, sure}. */
export function certainty(code) {
  return CERTAINTY[code] || { words: code, sure: false };
}

/** 「原件 1 份」. */
export function formAndCopies({ form, copies }) {
  const words = FORM[form] || form || "";
  return copies > 0 ? `${words} ${copies} 份`.trim() : words;
}

/** 「承诺 3 个工作日」, or null without a limit. */
export function limit(kind, value) {
  return value ? `${kind} ${value.days} ${UNIT[value.unit] || value.unit}` : null;
}

/** 「12 月 4 日」, or with the year. */
export function day(iso, { year = false } = {}) {
  const [y, m, d] = iso.slice(0, 10).split("-").map(Number);
  return `${year ? `${y} 年 ` : ""}${m} 月 ${d} 日`;
}

/** 「2026 年 11 月 22 日 10:00」, in the zone the server wrote. */
export function moment(iso) {
  return `${day(iso, { year: true })} ${iso.slice(11, 16)}`;
}
