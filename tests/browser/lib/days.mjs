// Days in Vietnam's time zone, wherever the tests run.

const VIETNAM_MS = 7 * 3_600_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** `2026-11-29`. */
export const isoDay = (moment = Date.now()) => new Date(moment + VIETNAM_MS).toISOString().slice(0, 10);

/** `2026-11`. */
export const isoMonth = (moment = Date.now()) => isoDay(moment).slice(0, 7);

/** `29/11/2026`. */
export const writtenDay = (moment = Date.now()) => isoDay(moment).split('-').reverse().join('/');

/** The last day of the previous month, and that month as `2026-10` and as the screen names it. */
export function lastMonth() {
  const day = new Date(Date.parse(`${isoMonth()}-01T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
  const [year, month] = day.split('-');
  return { day, period: `${year}-${month}`, name: `Tháng ${Number(month)}/${year}`, year: Number(year) };
}
