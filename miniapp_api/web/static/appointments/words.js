// Days and times as citizens say them. All of it is Chinese time, wherever the phone thinks it is.

const ZONE = "Asia/Shanghai";
const WEEKDAYS = "日一二三四五六";
const DAY_MS = 86400000;
const NEAR = ["今天", "明天", "后天"];

/** Today in China, as the API writes days. */
export function today() {
  return new Date().toLocaleDateString("sv-SE", { timeZone: ZONE });
}

/** A day so many days after another. */
export function later(iso, days) {
  return new Date(Date.parse(iso) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 「11月28日」. */
export function date(iso) {
  const [, month, day] = iso.split("-").map(Number);
  return `${month}月${day}日`;
}

/** 「周六」. */
export function weekday(iso) {
  return `周${WEEKDAYS[new Date(iso).getUTCDay()]}`;
}

/** 「今天」「明天」「后天」, or null. */
export function near(iso) {
  return NEAR[Math.round((Date.parse(iso) - Date.parse(today())) / DAY_MS)] || null;
}

/** 「明天 11月27日（周五）」. */
export function dayWords(iso) {
  return [near(iso), `${date(iso)}（${weekday(iso)}）`].filter(Boolean).join(" ");
}

/** 「09:30」 of a moment. */
export function clock(moment) {
  return new Date(moment).toLocaleTimeString("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
}

/** 「11月28日 09:30」 of a moment. */
export function moment(iso) {
  return `${date(new Date(iso).toLocaleDateString("sv-SE", { timeZone: ZONE }))} ${clock(iso)}`;
}
