// The steps of a walk. Each tells whether it is possible at the walker's place, carries it out, and returns words for
// the list of steps.

import { setTimeout as wait } from 'node:timers/promises';
import { byId } from '../lib/app.mjs';
import { openApp } from '../lib/page.mjs';
import { enter, enterable, linger } from './entries.mjs';
import { kindOf, placeOf, valueOf } from './reading.mjs';
import { STAGE, lineId } from './witness.mjs';

/** A timeout for a busy machine. A tap that was lost never shows. */
const SHOWN_MS = 10_000;
/** Time until a field in error has been found and shown. */
const LED_MS = 300;
/** The places of the rail with their weights: most have something to enter. */
const PLACES = { 'nav-my-month': 6, 'nav-self-score': 6, 'nav-to-score': 5, 'nav-approve': 1, 'nav-unit-month': 1, 'nav-year': 1, 'nav-rules': 1, 'nav-sync': 1, 'nav-settings': 1 };

const canUse = ({ byId: controls }, id) => controls.get(id)?.visible === true && controls.get(id).enabled;
const usableIds = (reading, pattern) => reading.controls.filter(({ id, visible, enabled, inMain }) => pattern.test(id) && visible && enabled && inMain).map(({ id }) => id).sort();

/** Draws one of the names according to its weight. */
export function weighted(draw, weights) {
  const all = Object.entries(weights);
  let left = draw.below(all.reduce((sum, [, weight]) => sum + weight, 0));
  return all.find(([, weight]) => (left -= weight) < 0)[0];
}

async function elsewhere(walker, draw, reading) {
  const there = Object.fromEntries(Object.entries(PLACES).filter(([id]) => canUse(reading, id)));
  const nav = weighted(draw, there);
  await byId(walker.page, nav).click();
  return nav;
}

async function anotherPeriod(walker, draw, reading) {
  const arrows = ['period-previous', 'period-next'].filter((id) => canUse(reading, id));
  // Goes back toward the period of the work more often than away from it.
  const arrow = walker.away > 0 ? 'period-next' : walker.away < 0 ? 'period-previous' : draw.pick(arrows);
  if (!arrows.includes(arrow)) return 'no such period';
  walker.away += arrow === 'period-next' ? -1 : 1;
  await byId(walker.page, arrow).click();
  return arrow;
}

async function goBack(walker) {
  await walker.back();
  await noDialog(walker);
  return 'back';
}

/** Checks that no dialog is open: a dialog belongs to the page it was opened on. */
const noDialog = (walker) => walker.until(({ dialogs }) => dialogs === 0, 'a dialog stays open over another page', { limit: SHOWN_MS });

async function somebodyElse(walker) {
  const other = walker.people.find((person) => person !== walker.username);
  await walker.signOut();
  await walker.signIn(other);
  return `${other} signs in`;
}

async function line(walker) {
  walker.link.become(walker.link.mode === 'down' ? 'clear' : 'down');
  return `the line is ${walker.link.mode}`;
}

/** Ways to leave a page with unsaved entries. */
const LEAVES = {
  elsewhere: { weight: 6, possible: () => true, act: elsewhere },
  period: { weight: 4, possible: (reading) => canUse(reading, 'period-previous'), act: anotherPeriod },
  back: { weight: 6, possible: ({ canGoBack }) => canGoBack, act: goBack },
  person: { weight: 2, possible: () => true, act: somebodyElse },
  reload: { weight: 1, possible: () => true, act: async (walker) => (await walker.reload(), 'loads again') },
  kill: { weight: 1, possible: () => true, act: async (walker) => (await walker.kill(), 'the battery is empty') },
};

/** Enters something and leaves before it can be saved, or just while it is. */
async function dash(walker, draw, reading) {
  walker.say(`   ${await enter(walker, draw, reading)}`);
  const ms = await linger(draw);
  const now = await walker.read();
  const leave = weighted(draw, Object.fromEntries(Object.entries(LEAVES).filter(([, { possible }]) => possible(now)).map(([name, { weight }]) => [name, weight])));
  walker.say(`   after ${ms} ms: ${leave}`);
  return LEAVES[leave].act(walker, draw, now);
}

/** Opens a dialog, does something in it, and leaves it in one of the possible ways. */
async function addWork(walker, draw, reading) {
  const place = placeOf(reading);
  const [opener] = usableIds(reading, /^(add-work|assign-work)$/);
  await byId(walker.page, opener).click();
  await walker.until(({ dialogs }) => dialogs === 1, 'the dialog does not open', { limit: SHOWN_MS });
  await byId(walker.page, 'work-search').fill(draw.pick(['bao cao', 'to chuc', 'ho so', 'kiem tra', '']));
  const found = (await walker.read()).controls.filter(({ id, enabled, visible }) => /^work-result-/.test(id) && enabled && visible).map(({ id }) => id);
  let words = 'looks for work';
  if (found.length > 0 && draw.below(3) > 0) {
    const result = draw.pick(found.slice(0, 12));
    const before = new Set((await walker.read()).lines);
    await byId(walker.page, result).click();
    const after = await walker.until((now) => now.byId.get(result)?.enabled === false, `${result} adds nothing`);
    for (const name of after.lines.filter((line) => !before.has(line))) walker.witness.enter(walker.username, place, lineId(name), 'there', 'gone');
    words = `adds ${result}`;
  }
  return `${words}, ${await leaveDialog(walker, draw, ['work-done'])}`;
}

async function addFreeWork(walker, draw, reading) {
  const place = placeOf(reading);
  const name = `Việc ngoài danh mục ${(walker.texts += 1)}`;
  await byId(walker.page, 'add-work').click();
  await byId(walker.page, 'free-work').click();
  await byId(walker.page, 'free-name').fill(name);
  const adds = draw.below(3) > 0;
  walker.witness.enter(walker.username, place, lineId(name), 'gone', 'gone');
  if (adds) {
    await byId(walker.page, 'free-add').click();
    await walker.until(({ lines }) => lines.includes(name), `"${name}" is not added`);
    walker.witness.enter(walker.username, place, lineId(name), 'there', 'gone');
  }
  return `${adds ? 'adds' : 'types, and does not add,'} "${name}", ${await leaveDialog(walker, draw, ['work-done'])}`;
}

/** Leaves the open dialog: by one of its buttons, by Escape, by the browser's "Back", or with the whole app. */
async function leaveDialog(walker, draw, buttons = []) {
  const reading = await walker.read();
  const ways = ['Escape', ...(reading.canGoBack ? ['back', 'back'] : []), ...buttons, 'reload', 'kill'];
  const way = draw.pick(ways);
  if (way === 'Escape') {
    // The browser uses the first Escape to empty a search field.
    const searching = await walker.page.evaluate(() => document.activeElement?.type === 'search' && document.activeElement.value !== '');
    for (let presses = searching ? 2 : 1; presses > 0; presses -= 1) await walker.page.keyboard.press('Escape');
  } else if (way === 'back') await walker.back();
  else if (way === 'reload') await walker.reload();
  else if (way === 'kill') await walker.kill();
  else await byId(walker.page, way).click();
  await noDialog(walker);
  return `leaves by ${way}`;
}

/** Presses "submit" and confirms or cancels. With a field in error there is nothing to confirm. */
async function submit(walker, draw, reading) {
  const wrong = inError(reading).map(({ id }) => id);
  await byId(walker.page, 'submit-self').click();
  if (wrong.length > 0 || reading.save !== 'saved') {
    await wait(LED_MS);
    const { dialogs, path } = await walker.read();
    if (dialogs > 0 && wrong.length > 0) throw new Error(`the self-score can be submitted with an error in ${wrong.join(', ')}`);
    // A text that was still being typed, or was typed on another screen, is in error.
    if (dialogs === 0) return `cannot submit, and is led to ${path}`;
  }
  await byId(walker.page, 'confirm').waitFor();
  if (draw.below(2) > 0) return `does not submit, ${await leaveDialog(walker, draw)}`;
  await byId(walker.page, 'confirm').click();
  await byId(walker.page, 'withdraw-self').waitFor();
  walker.witness.enter(walker.username, placeOf(reading), STAGE, 'submitted', 'working');
  return 'submits';
}

async function withdraw(walker, draw, reading) {
  await byId(walker.page, 'withdraw-self').click();
  await byId(walker.page, 'reason').fill('Ghi nhầm');
  if (draw.below(3) === 0) return `does not withdraw, ${await leaveDialog(walker, draw)}`;
  await byId(walker.page, 'confirm').click();
  await byId(walker.page, 'submit-self').waitFor();
  walker.witness.enter(walker.username, placeOf(reading), STAGE, 'working', 'submitted');
  return 'withdraws';
}

async function removeLine(walker, draw, reading) {
  const place = placeOf(reading);
  const remove = draw.pick(usableIds(reading, /^line-.*-remove$/));
  const handle = remove.replace(/-remove$/, '');
  const before = reading.lines;
  await byId(walker.page, remove).click();
  const { lines } = await walker.until((after) => !after.byId.has(remove), `${remove} removes nothing`);
  const [name] = before.filter((line) => !lines.includes(line));
  walker.witness.forget(walker.username, place, `${handle}-`);
  walker.witness.enter(walker.username, place, lineId(name), 'gone', 'there');
  if (draw.below(2) > 0) return `removes "${name}"`;
  await byId(walker.page, 'undo').click();
  await walker.until((after) => after.lines.includes(name), `"${name}" does not come back`);
  walker.witness.enter(walker.username, place, lineId(name), 'there', 'there');
  return `removes "${name}" and takes that back`;
}

async function copyMonth(walker) {
  await byId(walker.page, 'same-as-last-month').click();
  await walker.until(({ byId: controls }) => controls.has('undo'), 'nothing is said about last month');
  const reading = await walker.settled();
  for (const name of reading.lines) walker.witness.enter(walker.username, placeOf(reading), lineId(name), 'there', 'there');
  return 'takes over last month';
}

async function unfoldOne(walker, draw, reading) {
  const folded = reading.controls.filter(({ tag, visible, inMain }) => tag === 'summary' && visible && inMain).map(({ id }) => id);
  const id = draw.pick(folded.sort());
  await byId(walker.page, id).click();
  return `opens or closes ${id}`;
}

async function openPerson(walker, draw, reading) {
  const id = draw.pick(usableIds(reading, /^person-/));
  await byId(walker.page, id).click();
  return `opens ${id}`;
}

async function appraise(walker, draw, reading) {
  const [id] = usableIds(reading, /^(accept-all|submit-appraisal)$/);
  await byId(walker.page, id).click();
  const led = await walker.until((after) => !canUse(after, id) || after.save === 'wrong', `${id} does nothing`);
  return led.save === 'wrong' ? `${id}, and is led to ${led.path}` : id;
}

const inError = ({ controls }) => controls.filter(({ invalid, inMain, visible, enabled }) => invalid && inMain && visible && enabled);

/** Corrects a field that is in error. */
async function mend(walker, draw, reading) {
  const control = draw.pick(inError(reading));
  const kind = kindOf(control);
  const value = { number: '0', text: 'x' }[kind] ?? '';
  await byId(walker.page, control.id).click();
  await walker.page.keyboard.press('Control+a');
  await walker.page.keyboard.press('Delete');
  await walker.page.keyboard.type(value);
  walker.witness.type(walker.username, placeOf(reading), control.id, [value], valueOf(control));
  await walker.page.keyboard.press('Tab');
  return `mends ${control.id}`;
}

/** Another tab of the same app shows the work, follows changes, and takes over when the first one is closed. */
async function twoTabs(walker, draw) {
  const first = walker.page;
  const second = await walker.device.context.newPage();
  await openApp(second, walker.url);
  await walker.until(({ onlyLooking }) => onlyLooking, 'both tabs write', { page: second });
  const reading = await walker.read();
  const entered = enterable(reading).length > 0 ? await enter(walker, draw, reading) : 'nothing is entered';
  await first.keyboard.press('Tab');
  const { save } = await walker.check();
  // A field in error is known only to its own tab.
  if (save !== 'wrong') await walker.check({}, second);
  if (draw.below(2) === 0) {
    await second.close();
    return `a second tab looks on: ${entered}; it is closed`;
  }
  const last = enterable(await walker.read()).length > 0 ? await enter(walker, draw, await walker.read()) : 'nothing more';
  walker.witness.interrupt(walker.username);
  await first.close();
  walker.page = walker.device.page = second;
  await walker.until(({ onlyLooking }) => !onlyLooking, 'the second tab does not take over');
  return `a second tab looks on: ${entered}; then ${last}; the first is closed and the second takes over`;
}

const anyOf = (reading, pattern) => usableIds(reading, pattern).length > 0;
const onOwnMonth = (reading) => placeOf(reading)?.startsWith('/viec') && canUse(reading, 'add-work');

/** Every kind of step: its weight, and where it is possible. */
export const STEPS = {
  dash: { weight: 30, possible: (reading) => enterable(reading).length > 0, act: dash },
  enter: { weight: 20, possible: (reading) => enterable(reading).length > 0, act: enter },
  elsewhere: { weight: 8, possible: () => true, act: elsewhere },
  period: { weight: 4, possible: (reading) => canUse(reading, 'period-previous'), act: anotherPeriod },
  back: { weight: 4, possible: ({ canGoBack }) => canGoBack, act: goBack },
  line: { weight: 4, possible: () => true, act: line },
  person: { weight: 2, possible: () => true, act: somebodyElse },
  reload: { weight: 2, possible: () => true, act: LEAVES.reload.act },
  kill: { weight: 1, possible: () => true, act: LEAVES.kill.act },
  tabs: { weight: 2, possible: ({ onlyLooking }) => !onlyLooking, act: twoTabs },
  addWork: { weight: 4, possible: (reading) => anyOf(reading, /^(add-work|assign-work)$/), act: addWork },
  freeWork: { weight: 3, possible: onOwnMonth, act: addFreeWork },
  removeLine: { weight: 2, possible: (reading) => onOwnMonth(reading) && anyOf(reading, /^line-.*-remove$/), act: removeLine },
  copyMonth: { weight: 1, possible: (reading) => canUse(reading, 'same-as-last-month'), act: copyMonth },
  unfold: { weight: 8, possible: (reading) => placeOf(reading) !== undefined && reading.controls.some(({ tag, visible, inMain }) => tag === 'summary' && visible && inMain), act: unfoldOne },
  openPerson: { weight: 12, possible: (reading) => reading.path.startsWith('/cham-diem') && anyOf(reading, /^person-/), act: openPerson },
  mend: { weight: 12, possible: (reading) => placeOf(reading) !== undefined && !reading.onlyLooking && inError(reading).length > 0, act: mend },
  submit: { weight: 6, possible: (reading) => canUse(reading, 'submit-self'), act: submit },
  withdraw: { weight: 4, possible: (reading) => canUse(reading, 'withdraw-self'), act: withdraw },
  appraise: { weight: 2, possible: (reading) => anyOf(reading, /^(accept-all|submit-appraisal)$/), act: appraise },
};
