// Numbers and moments as they are read.

import { clock, date } from "../appointments/words.js";

const ZONE = "Asia/Shanghai";

/** Digits in groups of four, the last one being what is left. */
export function inFours(digits) {
  return digits.match(/.{1,4}/g)?.join(" ") || "";
}

/** 「2026年11月28日」. */
export function fullDate(iso) {
  return `${iso.slice(0, 4)}年${date(iso)}`;
}

/** The day of a moment in China, as the API writes days. */
export function dayOf(moment) {
  return new Date(moment).toLocaleDateString("sv-SE", { timeZone: ZONE });
}

/** 「2026年11月28日 09:30」 of a moment. */
export function fullMoment(moment) {
  return `${fullDate(dayOf(moment))} ${clock(moment)}`;
}
