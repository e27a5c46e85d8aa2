// Tests: the server and a device after weeks apart: signing in on the current page to send, since when nothing was
// sent, what was refused, and which device wrote what (A8, rows 8, 16, 21).

import assert from 'node:assert/strict';
import test from 'node:test';
import { accounts, addFreeWork, byId, goTo, openAndSignIn, PASSWORD, reload, saved, scoreSelf, signIn, signOut, synced, teller, text } from '../lib/app.mjs';
import { writtenDay } from '../lib/days.mjs';
import { keptForOffline, pictures } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, PORTRAIT, tablet } from '../lib/tablet.mjs';

const DAY_MS = 86_400_000;
const WAIT_MS = 30_000;
const state = (page, word) => page.locator(`[data-testid="link-state"][data-state="${word}"]`).waitFor({ timeout: WAIT_MS });

/** A device that has contacted its server once, with one person at work. */
async function begin(t, username) {
  const data = folder('data');
  const people = accounts(makeDemo(data));
  const place = { server: await startServer({ data }), data, people };
  t.after(() => stopServer(place.server, 'SIGKILL'));
  place.device = await tablet(folder('tablet'), PORTRAIT);
  t.after(() => closeTablet(place.device));
  await openAndSignIn(place.device.page, place.server.url, username);
  await keptForOffline(place.device.page);
  await synced(place.device.page);
  place.port = place.server.port;
  return place;
}

test('row_08: after a sign-in without a network the work goes out by the password alone, where one stands', { timeout: 300_000 }, async (t) => {
  const step = teller(t);
  const place = await begin(t, 'canbo1');
  const { page } = place.device;

  await step('signed out and in again without a network, and at work', async () => {
    await stopServer(place.server, 'SIGKILL');
    await signOut(page);
    await signIn(page, 'canbo1');
    await addFreeWork(page, 'Trực bão', '1');
    await saved(page);
    await goTo(page, 'self-score');
    await byId(page, 'strengths').fill('Chủ động, đúng hạn');
  });

  await step('the network returns: one button asks for the password, and nothing of the page is left', async () => {
    place.server = await startServer({ data: place.data, port: place.port });
    await page.evaluate(() => globalThis.dispatchEvent(new Event('online')));
    await state(page, 'sign-in-needed');
    await pictures(page, 'sign-in-to-send');
    await byId(page, 'sign-in-to-send').first().click();
    await byId(page, 'send-password').fill('sai mật khẩu');
    await byId(page, 'send-sign-in').click();
    await page.locator('#send-error .wrong').waitFor({ timeout: WAIT_MS });
    await pictures(page, 'sign-in-to-send-wrong');
    await byId(page, 'send-password').fill(PASSWORD);
    await byId(page, 'send-sign-in').click();
    await state(page, 'in-touch');
    assert.equal(await byId(page, 'sign-in-to-send').count(), 0, 'asked once');
    assert.equal(await byId(page, 'strengths').inputValue(), 'Chủ động, đúng hạn');
    assert.equal(new URL(page.url()).pathname, '/tu-cham');
    await synced(page);
  });

  await step('the sync screen has the button, too', async () => {
    await stopServer(place.server, 'SIGKILL');
    await signOut(page);
    await signIn(page, 'canbo1');
    await addFreeWork(page, 'Trực lụt', '1');
    place.server = await startServer({ data: place.data, port: place.port });
    await goTo(page, 'sync');
    await byId(page, 'sync-now').click();
    await state(page, 'sign-in-needed');
    await page.locator('.actions [data-testid="sign-in-to-send"]').click();
    await byId(page, 'send-password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="only-here"][data-count="0"]').waitFor({ timeout: WAIT_MS });
  });
  assert.deepEqual(place.device.errors, [], 'no page threw an error');
});

test('row_16: since when nothing was sent is the last contact, with its date, after every start', { timeout: 300_000 }, async (t) => {
  const place = await begin(t, 'canbo1');
  const { page } = place.device;
  const contact = new Date();
  await stopServer(place.server, 'SIGKILL');
  await page.clock.setFixedTime(new Date(contact.getTime() + 21 * DAY_MS));
  await reload(page);
  await state(page, 'offline');
  assert.match(await text(byId(page, 'link-state')), new RegExp(`ngày ${writtenDay(contact.getTime())}`));
  await reload(page);
  await state(page, 'offline');
  assert.match(await text(byId(page, 'link-state')), new RegExp(`ngày ${writtenDay(contact.getTime())}`), 'not the last start');
  await pictures(page, 'offline-21-days');
});

test('a8: what was refused is never called safe, and its link shows it with the reason and what to do', { timeout: 300_000 }, async (t) => {
  const step = teller(t);
  const place = await begin(t, 'canbo1');
  const { page } = place.device;

  await step('a tablet whose clock runs ahead scores a month that has not begun', async () => {
    const today = new Date(Date.now() + 7 * 3_600_000);
    const ahead = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 5, 3));
    await page.clock.setFixedTime(ahead);
    await reload(page);
    while (!(await text(byId(page, 'period'))).startsWith(`Tháng ${ahead.getUTCMonth() + 1}/`)) await byId(page, 'period-next').click();
    await goTo(page, 'my-month');
    await addFreeWork(page, 'Tổng kết', '1');
    await scoreSelf(page, { 'II.1': '2' });
    await goTo(page, 'sync');
    await byId(page, 'sync-now').click();
    await byId(page, 'refused').first().waitFor({ timeout: WAIT_MS });
  });

  await step('it says so, card by card, and the link leads to it', async () => {
    await page.clock.setFixedTime(new Date());
    await reload(page);
    await goTo(page, 'sync');
    const refused = byId(page, 'to-refused').first();
    await refused.waitFor();
    await pictures(page, 'refused-list');
    const line = page.locator('[data-testid^="card-sync-"]', { has: byId(page, 'to-refused') }).first();
    assert.doesNotMatch(await text(line), /An toàn/);
    await refused.click();
    await byId(page, 'all-matters').waitFor();
    assert.match(new URL(page.url()).pathname, /^\/dong-bo\/[0-9a-f]+$/);
    assert.match(await text(byId(page, 'refused-why')), /bắt đầu từ ngày 01\/\d\d\/\d{4}/);
    assert.match(await text(byId(page, 'refused')), /II\.1[\s\S]*2/, 'what was sent is here');
    await pictures(page, 'refused-one');
    await byId(page, 'way-back').click();
    await byId(page, 'submit-self').waitFor({ timeout: WAIT_MS });
    assert.equal(new URL(page.url()).pathname, '/tu-cham');
  });
  assert.deepEqual(place.device.errors, [], 'no page threw an error');
});
