// Tests: which month is open, which can be scored and which can be decided, and where the next person begins (A7, rows
// 12, 13, 19). The test sets the device's clock; the server keeps its own.

import assert from 'node:assert/strict';
import test from 'node:test';
import { accounts, addFreeWork, byId, confirmOwnWork, goTo, openAndSignIn, openPerson, reload, saved, scoreSelf, signIn, signOut, synced, teller, text } from '../lib/app.mjs';
import { screenshot } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, PORTRAIT, tablet } from '../lib/tablet.mjs';

const DAY_MS = 86_400_000;
const VIETNAM_MS = 7 * 3_600_000;

/** Ten in the morning, in Vietnam, on a day of the month that is `months` months from this one. */
function morning(months, day) {
  const here = new Date(Date.now() + VIETNAM_MS);
  return new Date(Date.UTC(here.getUTCFullYear(), here.getUTCMonth() + months, day, 10) - VIETNAM_MS);
}
const monthName = (months) => {
  const first = new Date(morning(months, 1).getTime() + VIETNAM_MS);
  return `Tháng ${first.getUTCMonth() + 1}/${first.getUTCFullYear()}`;
};
const shown = (page) => text(byId(page, 'period'));

test('a7: months begin, wait and are decided in their time', { timeout: 600_000 }, async (t) => {
  const step = teller(t);
  const data = folder('data');
  const people = accounts(makeDemo(data));
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(folder('tablet'), PORTRAIT);
  t.after(() => closeTablet(device));
  const { page } = device;

  await step('row_12: a month that has not begun is planned and not scored', async () => {
    await openAndSignIn(page, server.url, people.canbo1.username);
    await synced(page);
    await goTo(page, 'self-score');
    await byId(page, 'period-next').click();
    assert.equal(await shown(page), monthName(1));
    assert.match(await text(byId(page, 'period-closed')), /bắt đầu từ ngày 01\//);
    assert.equal(await byId(page, 'mark-I.1').isDisabled(), true);
    assert.equal(await byId(page, 'submit-self').isDisabled(), true);
    assert.equal(await byId(page, 'period-next').isDisabled(), true, 'nothing is planned further on');
    await screenshot(page, 'month-not-begun');
    await goTo(page, 'my-month');
    await addFreeWork(page, 'Chuẩn bị tổng kết năm', '1');
    await saved(page);
    await byId(page, 'period-previous').click();
  });

  await step('row_13: at the turn of the month the month that waits is opened, and the new one once nothing waits', async () => {
    await goTo(page, 'my-month');
    await addFreeWork(page, 'Trực bão', '1');
    await synced(page);
    await page.clock.setFixedTime(morning(1, 2));
    await reload(page);
    assert.equal(await shown(page), monthName(0), 'on the second of the next month this one waits for the self-score');
    await screenshot(page, 'month-waiting');
    await scoreSelf(page);
    await saved(page);
    await reload(page);
    assert.equal(await shown(page), monthName(1), 'what was submitted does not wait for the one who submitted');
    await synced(page);
  });

  await step('row_19: the next person begins at home, in the month that waits for them', async () => {
    await goTo(page, 'rules');
    await goTo(page, 'sync');
    await signOut(page);
    await signIn(page, people.truong1.username);
    await byId(page, 'nav-my-month').waitFor();
    assert.equal(new URL(page.url()).pathname, '/');
    await synced(page);
    assert.equal(await shown(page), monthName(0), 'canbo1 waits to be scored');
    await goTo(page, 'my-month');
    await signOut(page);
  });

  await step('no month is decided before its day: the 20th, by the tablet before it signs', async () => {
    await page.clock.setFixedTime(morning(0, 28));
    await signIn(page, people.truong1.username);
    await synced(page);
    await openPerson(page, people.canbo1.name);
    await confirmOwnWork(page);
    await byId(page, 'accept-all').click();
    await saved(page);
    await synced(page);
    await signOut(page);
    const first = morning(0, 1).getUTCMonth() === 11 ? null : morning(0, 10);
    if (!first) return t.diagnostic('in December every day is a day of decision');
    await page.clock.setFixedTime(first);
    await signIn(page, people.chutich.username);
    await synced(page);
    await goTo(page, 'approve');
    const card = page.locator('article', { hasText: people.canbo1.name });
    assert.match(await text(card.locator('[data-testid="not-yet"]')), /duyệt được từ ngày 20\//);
    assert.equal(await card.locator('[data-testid^="approve-"]').count(), 0);
    assert.equal(await byId(page, 'approve-all').isDisabled(), true);
    assert.match(await text(byId(page, 'next-step')), /từ ngày 20\//);
    await screenshot(page, 'decided-later');
    await page.clock.setFixedTime(morning(0, 20));
    await reload(page);
    await goTo(page, 'approve');
    await card.locator('[data-testid^="approve-"]').waitFor();
  });
  assert.deepEqual(device.errors, [], 'no page threw an error');
});
