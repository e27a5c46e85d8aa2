// The screen keeps what people enter: issue 14, rows A1 to A3, and the rows of the lived-in month that stand behind them.

import assert from 'node:assert/strict';
import test from 'node:test';
import { accounts, addWork, byId, codesToAdd, goTo, idsOf, reload, report, saved, signIn, signOut, teller, text } from '../lib/app.mjs';
import { openApp } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, tablet } from '../lib/tablet.mjs';

const WAIT_MS = 30_000;
/** A page of ours that does not run the app. */
const BESIDE = '/manifest.webmanifest';
const DONE = '[data-testid^="line-"][data-testid$="-done"]';

/** Taps one after the other within one task of the page: nobody taps faster, and no timer of the app comes in between. */
const tapAtOnce = (page, ...ids) =>
  page.evaluate((all) => all.forEach((id) => document.querySelector(`[data-testid="${id}"]`).click()), ids);

/** Types as a person does into what has the focus, without leaving it. */
async function typeInto(page, id, words) {
  await byId(page, id).click();
  await page.keyboard.type(words);
}

/** The value a field shows, once it is there. */
async function shows(page, id, value, when) {
  await byId(page, id).waitFor({ timeout: WAIT_MS });
  const found = await page.waitForFunction(([name, want]) => document.querySelector(`[data-testid="${name}"]`)?.value === want, [id, value], { timeout: WAIT_MS }).catch(() => null);
  assert.ok(found, `${when}: ${id} shows ${await byId(page, id).inputValue()}, expected ${value}`);
}

const appIsWell = async (device) => {
  assert.equal(await device.page.evaluate(() => document.documentElement.dataset.boot), 'started', 'no recovery page');
  assert.deepEqual(device.errors, [], 'no page threw an error');
};

test('what people enter is kept, however they leave', { timeout: 900_000 }, async (t) => {
  const step = teller(t);
  const data = folder('data');
  const people = accounts(makeDemo(data));
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(folder('tablet'));
  t.after(() => closeTablet(device));
  const { page } = device;
  await openApp(page, server.url);
  await signIn(page, people.canbo20.username);
  await goTo(page, 'my-month');
  const [code, second] = await codesToAdd(page, 'ban');
  await addWork(page, 'ban', code);
  await addWork(page, 'ban', second);
  await report(page, code, { assigned: 9, done: 0 });
  let done = 0;
  const plus = `line-${code}-plus`;
  const field = `line-${code}-done`;
  const stands = async (when) => {
    done += 1;
    await saved(page);
    await goTo(page, 'my-month');
    await shows(page, field, String(done), when);
    await reload(page);
    await goTo(page, 'my-month');
    await shows(page, field, String(done), `${when}, after loading again`);
    await appIsWell(device);
  };

  await step('a1: a tap, and another screen at once', async () => {
    await tapAtOnce(page, plus, 'nav-self-score');
    await stands('another screen');
  });

  await step('a1: a tap, and another month at once', async () => {
    await tapAtOnce(page, plus, 'period-previous');
    await byId(page, 'period-next').click();
    await stands('another month');
  });

  await step('a1: a tap, and Back at once', async () => {
    await goTo(page, 'sync');
    await goTo(page, 'my-month');
    await byId(page, plus).waitFor();
    await page.evaluate((id) => {
      document.querySelector(`[data-testid="${id}"]`).click();
      history.back();
    }, plus);
    await byId(page, 'sync-now').waitFor({ timeout: WAIT_MS });
    await stands('Back');
  });

  await step('a1: a tap, and signed out at once; another person in between', async () => {
    await tapAtOnce(page, plus, 'nav-settings');
    await byId(page, 'sign-out').waitFor({ timeout: WAIT_MS });
    await tapAtOnce(page, 'nav-my-month');
    await byId(page, plus).waitFor({ timeout: WAIT_MS });
    done += 1;
    await tapAtOnce(page, plus, 'nav-settings', 'sign-out').catch(() => byId(page, 'sign-out').click());
    await byId(page, 'username').waitFor({ timeout: WAIT_MS });
    await signIn(page, people.canbo21.username);
    assert.notEqual(await byId(page, 'save-state').getAttribute('data-state'), 'saving', 'nothing of the last person is on its way');
    await signOut(page);
    await signIn(page, people.canbo20.username);
    await goTo(page, 'my-month');
    done += 1;
    await shows(page, field, String(done), 'signed out');
  });

  await step('a1: marks and texts of the self-score, left at once', async () => {
    await goTo(page, 'self-score');
    await byId(page, 'strengths').waitFor({ timeout: WAIT_MS });
    const [mark] = await idsOf(page, '[data-testid^="mark-"][data-testid$="-max"]:enabled');
    await byId(page, 'strengths').fill('Làm đúng hạn, kể cả việc đột xuất.');
    await tapAtOnce(page, mark, 'nav-my-month');
    await saved(page);
    await reload(page);
    await goTo(page, 'self-score');
    await shows(page, 'strengths', 'Làm đúng hạn, kể cả việc đột xuất.', 'a text');
    assert.ok(await byId(page, mark).isDisabled(), 'the mark is the highest');
    await byId(page, 'weaknesses').fill('Chưa');
    await page.goBack();
    await saved(page);
    await goTo(page, 'self-score');
    await shows(page, 'weaknesses', 'Chưa', 'a text left with Back');
  });

  await step('a2: Back with the cursor in a number field', async () => {
    for (const typed of ['', '3']) {
      await goTo(page, 'sync');
      await goTo(page, 'my-month');
      await typeInto(page, field, typed);
      await page.goBack();
      await byId(page, 'sync-now').waitFor({ timeout: WAIT_MS });
      await appIsWell(device);
    }
    await goTo(page, 'self-score');
    const [mark] = await idsOf(page, '[data-testid^="mark-"][data-testid$="-plus"]');
    await goTo(page, 'my-month');
    await goTo(page, 'self-score');
    await typeInto(page, mark.replace('-plus', ''), '');
    await page.goBack();
    await byId(page, field).waitFor({ timeout: WAIT_MS });
    await appIsWell(device);
  });

  await step('a1: what a full tablet does not take stays in its field, is told, and is not signed out in silence', async () => {
    await page.goto(server.url + BESIDE);
    const session = await device.context.newCDPSession(page);
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin: server.url });
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: Math.floor(usage) + 2048 });
    await openApp(page, server.url);
    await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
    await goTo(page, 'self-score');
    await byId(page, 'strengths').fill('Chữ không vừa máy. '.repeat(80));
    await tapAtOnce(page, 'nav-my-month');
    await page.locator('[data-testid="save-state"][data-state="failed"]').waitFor({ timeout: WAIT_MS });
    await goTo(page, 'self-score');
    await shows(page, 'strengths', 'Chữ không vừa máy. '.repeat(80), 'what was typed');
    assert.match(await text(byId(page, 'unsaved')), /Bộ nhớ của máy đã đầy/);
    await goTo(page, 'settings');
    await byId(page, 'sign-out').click();
    await byId(page, 'confirm').waitFor({ timeout: WAIT_MS });
    await page.keyboard.press('Escape');
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.url });
    await session.detach();
    await goTo(page, 'self-score');
    await byId(page, 'save-again').click();
    await saved(page);
    await signOut(page);
    await signIn(page, people.canbo20.username);
    await goTo(page, 'self-score');
    await shows(page, 'strengths', 'Chữ không vừa máy. '.repeat(80), 'after signing in again');
  });
});
