// Steps of a person in the app. Each page's module under app/src/pages lists its test ids at the top.

import assert from 'node:assert/strict';
import { openApp, started } from './page.mjs';

const WAIT_MS = 30_000;
export const PASSWORD = 'congtam-demo';

export const byId = (page, id) => page.getByTestId(id);
export const text = async (locator) => (await locator.innerText()).trim();

/** Signs in on an open app and waits for the frame. */
export async function signIn(page, username) {
  await byId(page, 'username').fill(username);
  await byId(page, 'password').fill(PASSWORD);
  await byId(page, 'sign-in').click();
  await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
}

/** Waits for the frame; signs in if the device asks for it, as after its database was lost. */
export async function enterAs(page, username) {
  const frame = byId(page, 'person-name');
  await frame.or(byId(page, 'username')).first().waitFor({ timeout: WAIT_MS });
  if (!(await frame.isVisible())) await signIn(page, username);
}

export async function openAndSignIn(page, url, username) {
  await openApp(page, url);
  await signIn(page, username);
}

/**
 * Opens a screen by its place in the rail: `my-month`, `self-score`, `to-score`, `approve`, `unit-month`, `sync`,
 * `settings`.
 */
export const goTo = (page, place) => byId(page, `nav-${place}`).click();

/** Opens a screen that phones reach only through the settings: `year`, `rules`. */
export async function goFar(page, place) {
  const link = byId(page, `nav-${place}`);
  if (await link.isVisible()) return link.click();
  await goTo(page, 'settings');
  await byId(page, `more-${place}`).click();
}

export async function signOut(page) {
  await goTo(page, 'settings');
  await byId(page, 'sign-out').click();
  await byId(page, 'username').waitFor({ timeout: WAIT_MS });
}

/** Waits until the screen shows that everything is saved. */
export const saved = (page) =>
  page.locator('[data-testid="save-state"][data-state="saved"]').waitFor({ timeout: WAIT_MS });

/** Waits until the server has everything. */
export async function synced(page) {
  await goTo(page, 'sync');
  await byId(page, 'sync-now').click();
  await page.locator('[data-testid="link-state"][data-state="in-touch"]').waitFor({ timeout: WAIT_MS });
  await page.locator('[data-testid="only-here"][data-count="0"]').waitFor({ timeout: WAIT_MS });
}

/** Adds work of the list to the month by searching for it, typed without diacritics; `opener` opens the search. */
export async function addWork(page, search, code, opener = 'add-work') {
  await byId(page, opener).click();
  await byId(page, 'work-search').fill(search);
  await byId(page, `work-result-${code}`).click();
  await byId(page, 'work-done').click();
  await byId(page, `line-${code}`).waitFor({ timeout: WAIT_MS });
}

/** Adds work that no list has to the month. */
export async function addFreeWork(page, name, coefficient, opener = 'add-work') {
  await byId(page, opener).click();
  await byId(page, 'free-work').click();
  await byId(page, 'free-name').fill(name);
  await byId(page, 'free-coefficient').fill(coefficient);
  await byId(page, 'free-add').click();
  await byId(page, 'work-done').click();
  await lineNamed(page, name).waitFor({ timeout: WAIT_MS });
}

/** The line with this name. */
export const lineNamed = (page, name) => page.locator('.line', { has: page.getByRole('heading', { name, exact: true }) });

/** The codes of list work that `search` finds and that is not on the month yet. */
export async function codesToAdd(page, search, opener = 'add-work') {
  await byId(page, opener).click();
  await byId(page, 'work-search').fill(search);
  await page.locator('[data-testid^="work-result-"]:enabled').first().waitFor({ timeout: WAIT_MS });
  const found = await idsOf(page, '[data-testid^="work-result-"]:enabled');
  await byId(page, 'work-done').click();
  return found.map((id) => id.replace('work-result-', ''));
}

/** Types how much of a line was assigned and done. */
export async function report(page, code, { assigned, done }) {
  for (const [field, value] of [['assigned', assigned], ['done', done]]) {
    if (value === undefined) continue;
    const input = byId(page, `line-${code}-${field}`);
    await input.fill(String(value));
    await input.blur();
  }
  await saved(page);
}

/** The test ids of the current matches. A locator that counts would change when one of its controls is used. */
export const idsOf = (page, selector) => page.locator(selector).evaluateAll((found) => found.map((control) => control.dataset.testid));

/** Confirms all work that the shown person registered. */
export async function confirmOwnWork(page) {
  await page.locator('[data-testid="accept-all"], [data-testid="submit-appraisal"]').first().waitFor({ timeout: WAIT_MS });
  const listed = byId(page, 'confirm-listed');
  const someListed = await listed.isVisible();
  if (someListed) await listed.click();
  const others = await idsOf(page, '[data-testid^="review-"][data-testid$="-confirm"]:not(:checked)');
  for (const id of others) await byId(page, id).check();
  if (someListed || others.length > 0) await saved(page);
}

/** A named part of a test; after a part that failed, the rest of the test does not run. */
export const teller = (t) => async (name, tell) => {
  let failure;
  await t.test(name, async (part) => {
    try {
      await tell(part);
    } catch (error) {
      failure = error;
      throw error;
    }
  });
  if (failure) throw new Error(`the story ends at: ${name}`);
};

/** Sets every mark to the highest value, and leadership parts to their first share. */
export async function markAll(page) {
  for (const mark of await idsOf(page, '[data-testid^="mark-"][data-testid$="-max"]:enabled')) await byId(page, mark).click();
  for (const part of await idsOf(page, '[data-testid^="leadership-"][data-testid$="-0"]:enabled')) await byId(page, part).check();
}

/** Sets every mark to the highest value except `marks`, sets leadership parts to their first share, and submits. */
export async function scoreSelf(page, marks = {}) {
  await goTo(page, 'self-score');
  await byId(page, 'submit-self').waitFor({ timeout: WAIT_MS });
  await markAll(page);
  for (const [code, value] of Object.entries(marks)) {
    await byId(page, `mark-${code}`).fill(value);
    await byId(page, `mark-${code}`).blur();
  }
  await saved(page);
  const result = await readResult(page);
  await byId(page, 'submit-self').click();
  await byId(page, 'confirm').click();
  await byId(page, 'withdraw-self').waitFor({ timeout: WAIT_MS });
  await saved(page);
  return result;
}

/** The result on the screen, with every sentence of its explanation. */
export async function readResult(page) {
  const why = byId(page, 'why').last();
  if (!(await why.evaluate((details) => details.open))) await why.locator('summary').click();
  await why.locator('ol.why').waitFor();
  const sentences = () => why.locator('ol.why li').allInnerTexts();
  const exact = why.getByTestId('exact');
  if ((await exact.count()) && (await exact.getAttribute('aria-pressed')) === 'true') await exact.click();
  const short = await sentences();
  if (await exact.count()) await exact.click();
  return {
    total: await text(byId(page, 'total').last()),
    exact: await byId(page, 'total').last().getAttribute('data-exact'),
    class: await text(byId(page, 'class').last()),
    short,
    why: await sentences(),
  };
}

/** Goes back to a month. */
export async function toPeriod(page, name) {
  const shown = byId(page, 'period');
  for (let steps = 0; steps < 24 && !(await text(shown)).includes(name); steps += 1) await byId(page, 'period-previous').click();
  await shown.filter({ hasText: name }).waitFor({ timeout: WAIT_MS });
}

/** Gives one mark that differs from the one before, with a reason, and submits. */
export async function markOne(page, code, value, reason) {
  const unchanged = byId(page, 'unchanged').locator('summary');
  if (await unchanged.isVisible()) await unchanged.click();
  await byId(page, `mark-${code}`).fill(value);
  await byId(page, `mark-${code}`).blur();
  await byId(page, `reason-mark-${code}`).fill(reason);
  await byId(page, `reason-mark-${code}`).blur();
  await saved(page);
  await byId(page, 'submit-appraisal').click();
  await saved(page);
}

/** Opens a person's card from the list of people to score. */
export async function openPerson(page, name) {
  await goTo(page, 'to-score');
  await page.locator('[data-testid^="person-"]', { hasText: name }).first().click();
  await byId(page, 'subject').filter({ hasText: name }).waitFor({ timeout: WAIT_MS });
}

/** Reloads the current page and waits until the app is open again. */
export async function reload(page) {
  await page.reload();
  await started(page);
  await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
}

/** Reads the table of accounts printed by `congtam demo`, by username. */
export function accounts(table) {
  const people = {};
  for (const line of table.split('\n')) {
    const cells = line.split(/\s{2,}|\s*[|│]\s*/).map((cell) => cell.trim()).filter(Boolean);
    const at = cells.indexOf(PASSWORD);
    if (at >= 2) people[cells[at - 1]] = { username: cells[at - 1], name: cells[at - 2] };
  }
  assert.ok(people.lanhdaotinh, `no accounts in:\n${table}`);
  return people;
}
