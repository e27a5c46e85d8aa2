// Days in Vietnam's time zone, wherever the tests run.

const VIETNAM_MS = 7 * 3_600_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** `2026-11-29`. */
export const isoDay = (moment = Date.now()) => new Date(moment + VIETNAM_MS).toISOString().slice(0, 10);

/** `2026-11`. */
export const isoMonth = (moment = Date.now()) => isoDay(moment).slice(0, 7);

/** The month as the screens name it: `Tháng 11/2026`. */
export function monthName(moment = Date.now()) {
  const [year, month] = isoMonth(moment).split('-').map(Number);
  return `Tháng ${month}/${year}`;
}

/** `29/11/2026`. */
export const writtenDay = (moment = Date.now()) => isoDay(moment).split('-').reverse().join('/');

/** The next month as the screen names it, and a morning of it. */
export function nextMonth() {
  const [year, month] = isoMonth().split('-').map(Number);
  const [y, m] = month === 12 ? [year + 1, 1] : [year, month + 1];
  const morning = (day) => new Date(Date.parse(`${y}-${String(m).padStart(2, '0')}-${String(day).padStart(2, '0')}T10:00:00+07:00`));
  return { name: `Tháng ${m}/${y}`, morning };
}

/** The last day of the previous month, and that month as `2026-10` and as the screen names it. */
export function lastMonth() {
  const day = new Date(Date.parse(`${isoMonth()}-01T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
  const [year, month] = day.split('-');
  return { day, period: `${year}-${month}`, name: `Tháng ${Number(month)}/${year}`, year: Number(year) };
}

/** A story takes less, so that it ends in the month it began in. */
const STORY_MS = 180_000;

/** Waits for the first of the month where it is less than a story away. */
export function untilMonthHolds() {
  const left = () => Date.parse(`${isoDay()}T00:00:00Z`) + DAY_MS - (Date.now() + VIETNAM_MS);
  if (isoMonth() === isoMonth(Date.now() + STORY_MS)) return;
  console.log(`the month ends in ${Math.ceil(left() / 1000)} s: waiting for the next`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, left() + 1);
}
