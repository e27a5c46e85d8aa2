// Steps of the walk that enter values as people do: replacing a text, typing into a tapped field, typing half a value,
// buttons and boxes. The witness is told what the screen accepts without an error.

import { setTimeout as wait } from 'node:timers/promises';
import { byId } from '../lib/app.mjs';
import { fieldsOf, kindOf, meaning, meanings, monthsOf, placeOf, valueOf } from './reading.mjs';

const WHOLE = ['0', '1', '2', '3', '4', '5', '7', '12', '34', '0,5', '1,5', '2,5', '2,25', '', '250', '1250', '1.250', '1 250', '12.500', '1.250,5'];
/** Wrong in every field, or in most: then no part of it must stay. */
const HALF = ['25', '45', '450', '9999999', 'abc', ',', '-1', '1.2.3', '2,5x', '1.25.0'];
const DAYS = ['5', '28'];
const HALF_DAYS = ['31/13/2026', '3/', '2026', 'mai'];
/** How many of ten typed numbers are not numbers, or not allowed. */
const HALF_OF_TEN = 4;
const KEY_MS_MAX = 30;
/** A timeout for a busy machine. A tap that was lost never shows. */
const SHOWN_MS = 10_000;
const BUTTON = /-(plus|minus|max)$/;

const usable = ({ visible, enabled, inMain }) => visible && enabled && inMain;

/** The controls that accept a value now. */
export function enterable(reading) {
  if (!placeOf(reading) || reading.onlyLooking || reading.dialogs > 0) return [];
  const fields = fieldsOf(reading).filter(usable);
  const buttons = reading.controls.filter((control) => control.tag === 'button' && BUTTON.test(control.id) && usable(control));
  return [...fields, ...buttons].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Enters something into one control; returns words for the list of steps. */
export async function enter(walker, draw, reading) {
  const controls = enterable(reading);
  const kinds = [...new Set(controls.map((control) => kindOf(control) ?? 'button'))].sort();
  // Numbers are the most frequent entries.
  const kind = kinds.includes('number') && draw.below(2) === 0 ? 'number' : draw.pick(kinds);
  const control = draw.pick(controls.filter((found) => (kindOf(found) ?? 'button') === kind));
  switch (kind) {
    case 'button':
      return press(walker, draw, reading, control);
    case 'check':
    case 'radio':
      return choose(walker, reading, control);
    default:
      return type(walker, draw, reading, control, kind);
  }
}

function drawText(walker, draw, kind, reading) {
  if (kind === 'text') return draw.pick(['', `Ghi lần ${(walker.texts += 1)}: đã đủ`, `Lần ${(walker.texts += 1)}`]);
  const half = draw.below(10) < HALF_OF_TEN;
  if (kind === 'number') return draw.pick(half ? HALF : WHOLE);
  const months = monthsOf(reading.period) - 1;
  return draw.pick(half ? HALF_DAYS : ['', ...DAYS.map((day) => `${day}/${(months % 12) + 1}/${Math.floor(months / 12)}`)]);
}

/** Types into a field: replaces its text, or taps it and begins to type. */
async function type(walker, draw, reading, control, kind) {
  const typed = drawText(walker, draw, kind, reading);
  const over = control.focused || typed === '' || kind !== 'number' || draw.below(2) === 0;
  await byId(walker.page, control.id).click();
  if (over) await walker.page.keyboard.press('Control+a');
  if (typed === '') await walker.page.keyboard.press('Delete');
  else await walker.page.keyboard.type(typed, { delay: draw.below(KEY_MS_MAX) });
  await isTyped(walker, control, typed);
  const meant = kind === 'number' ? meanings(typed, control) : [valueOf({ ...control, value: typed })];
  const beginnings = kind === 'text' ? Array.from(typed, (_, letters) => typed.slice(0, letters + 1)) : [];
  // Half a day is no day. What is not a day is not stored; the next reading shows what the field made of it.
  walker.witness.type(walker.username, placeOf(reading), control.id, kind === 'day' && HALF_DAYS.includes(typed) ? [] : meant, valueOf(control), beginnings);
  const stays = draw.below(3) > 0;
  if (!stays) await walker.page.keyboard.press('Tab');
  return `${over ? 'types over' : 'taps and types'} ${control.id} "${typed}"${stays ? '' : ', and tabs on'}`;
}

/** Checks that the field shows exactly what was typed. */
async function isTyped(walker, { id }, typed) {
  const found = (await walker.read()).byId.get(id);
  if (!found) throw new Error(`${id} went away while "${typed}" was typed into it`);
  if (found.value !== typed) throw new Error(`${id}: "${typed}" was typed and "${found.value}" stands there`);
}

const tell = (walker, before, control, value) => walker.witness.enter(walker.username, placeOf(before), control.id, value, valueOf(control));

/** Taps −, + or "highest"; the number beside it must change at once. */
async function press(walker, draw, reading, control) {
  const base = control.id.replace(BUTTON, '');
  const field = reading.byId.get(base) ?? reading.byId.get(`${base}-done`);
  const taps = control.id.endsWith('-max') ? 1 : draw.between(1, 3);
  let done = 0;
  let number = field;
  for (; done < taps; done += 1) {
    const now = await walker.read();
    if (done > 0 && !now.byId.get(control.id)?.enabled) break;
    const from = valueOf(number);
    await byId(walker.page, control.id).click();
    const changed = await walker.until((after) => isMoved(after.byId.get(field.id), from), `${control.id} changes nothing`, { limit: SHOWN_MS });
    number = changed.byId.get(field.id);
    tell(walker, reading, field, valueOf(number));
  }
  return `presses ${control.id} ${done} times, to "${number.value}"`;
}

const isMoved = (field, from) => field !== undefined && !field.invalid && (valueOf(field) !== from || meaning(field.value) === undefined);

async function choose(walker, reading, control) {
  const wanted = control.type === 'radio' || !control.checked;
  await byId(walker.page, control.id).setChecked(wanted);
  if (control.type === 'radio') {
    for (const other of fieldsOf(reading)) if (other.type === 'radio' && other.name === control.name) tell(walker, reading, other, String(other.id === control.id));
  } else tell(walker, reading, control, String(wanted));
  return `${wanted ? 'ticks' : 'unticks'} ${control.id}`;
}

/** Waits up to 700 ms, which is a little more than the pause before an edit is saved, or not at all. */
export async function linger(draw) {
  const ms = draw.below(2) === 0 ? 0 : draw.below(700);
  await wait(ms);
  return ms;
}
