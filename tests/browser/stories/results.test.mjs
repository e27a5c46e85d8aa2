// Tests: a superior's findings stay private until publication; then the person sees them with every reason (A5, case
// 9). The effect of a decision on the limited class is shown before it is signed (A6).

import assert from 'node:assert/strict';
import test from 'node:test';
import { accounts, addFreeWork, byId, goFar, goTo, idsOf, openAndSignIn, openPerson, saved, scoreSelf, signIn, signOut, synced, teller, text } from '../lib/app.mjs';
import { isoMonth } from '../lib/days.mjs';
import { pictures } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { decideFromFirstDay, makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, PORTRAIT, tablet } from '../lib/tablet.mjs';

const REASON = 'Giải pháp chưa áp dụng được';
const COMMENT = 'Cần chủ động báo cáo hơn';

/** Reports everything assigned as done, so that the total is in the highest class. */
async function doAll(page) {
  await goTo(page, 'my-month');
  if ((await idsOf(page, '[data-testid^="line-"][data-testid$="-done"]')).length === 0) await addFreeWork(page, 'Trực bão', '1');
  for (const id of await idsOf(page, '[data-testid^="line-"][data-testid$="-done"]')) {
    const assigned = byId(page, id.replace(/-done$/, '-assigned'));
    const amount = await assigned.evaluate((field) => field.value ?? field.textContent);
    await byId(page, id).fill(amount.trim());
    await byId(page, id).blur();
  }
  await saved(page);
}

/** Enters a number of days. */
async function daysOf(page, fact, days) {
  await byId(page, `fact-${fact}`).fill(days);
  await byId(page, `fact-${fact}`).blur();
}

test('a5_row_09 and a6: a result from the self-score to its publication', { timeout: 600_000 }, async (t) => {
  const step = teller(t);
  const data = folder('data');
  const people = accounts(makeDemo(data));
  decideFromFirstDay(data);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(folder('tablet'), PORTRAIT);
  t.after(() => closeTablet(device));
  const { page } = device;
  const official = people.canbo1;
  const row = `month-${isoMonth()}`;
  const nextStep = () => text(byId(page, 'next-step'));
  let found;

  await step('the official scores himself; what he can do about it is what is said', async () => {
    await openAndSignIn(page, server.url, official.username);
    await synced(page);
    await doAll(page);
    await goTo(page, 'self-score');
    await byId(page, 'days-worked').locator('summary').click();
    await daysOf(page, 'working_days', '22');
    await daysOf(page, 'worked_days', '23');
    assert.match(await text(page.locator('[id="fact-worked_days-error"]')), /23.*từ 0 đến 22/, 'a4: no more days than there are');
    await daysOf(page, 'worked_days', '20,5');
    await saved(page);
    await scoreSelf(page, { 'II.1': '2' });
    await goTo(page, 'my-month');
    assert.match(await nextStep(), /rút lại ở Tự chấm/);
    await synced(page);
    await signOut(page);
  });

  await step('the head lowers a mark with a reason and says something of the whole', async () => {
    await signIn(page, people.truong1.username);
    await synced(page);
    await openPerson(page, official.name);
    await byId(page, 'unchanged').locator('summary').click();
    await byId(page, 'mark-III.1').fill('1,5');
    await byId(page, 'mark-III.1').blur();
    await byId(page, 'reason-mark-III.1').fill(REASON);
    await byId(page, 'reason-mark-III.1').blur();
    await byId(page, 'days-worked').locator('summary').click();
    assert.match(await text(byId(page, 'claimed-worked_days')), /Tự khai: 20,5 ngày/);
    await daysOf(page, 'worked_days', '20');
    await byId(page, 'comment').fill(COMMENT);
    await byId(page, 'comment').blur();
    await saved(page);
    await byId(page, 'submit-appraisal').click();
    const beside = page.locator('[data-testid^="beside-of-"]');
    await beside.locator('summary').click();
    assert.match(await text(byId(page, 'beside-III.1')), new RegExp(REASON));
    found = await byId(page, 'beside-total').locator('td').nth(1).innerText();
    await pictures(page, 'beside-head', byId(page, 'beside'));
    await saved(page);
    await synced(page);
    await signOut(page);
  });

  await step('the official is told of none of it before it is published', async () => {
    await signIn(page, official.username);
    await synced(page);
    await goFar(page, 'year');
    const cells = byId(page, row).locator('td');
    assert.equal(await text(cells.nth(0)), '–');
    assert.match(await text(cells.nth(1)), /Chưa công bố/);
    await goTo(page, 'self-score');
    await byId(page, 'total').first().waitFor();
    // It must not be there either where it is folded away.
    const shown = await page.locator('main').textContent();
    for (const said of [REASON, COMMENT]) assert.ok(!shown.includes(said), `“${said}” is the head's until it is published`);
    await goTo(page, 'my-month');
    assert.doesNotMatch(await nextStep(), /rút lại/, 'what cannot be withdrawn is not said to be');
    await signOut(page);
  });

  await step('a6: the chairman reads how many are proposed and allowed before he signs, for one and for all', async () => {
    await signIn(page, people.chutich.username);
    await synced(page);
    await goTo(page, 'approve');
    const card = page.locator('article', { hasText: official.name });
    await card.locator('[data-testid^="beside-of-"] summary').click();
    await card.filter({ hasText: COMMENT }).waitFor();
    assert.match(await text(card), new RegExp(`${REASON}[\\s\\S]*${COMMENT}`), 'the approver reads the reasons, too');
    assert.match(await text(card), /xuất sắc/i);
    await pictures(page, 'beside-approver', card);
    await byId(page, 'approve-all').click();
    assert.match(await text(byId(page, 'confirm-warning').first()), /1 người được đề nghị[\s\S]*từ 0 đến \d+ người, tùy \d+ người chưa có kết quả/);
    assert.match(await text(byId(page, 'confirm-warning').last()), /xếp loại năm/);
    await pictures(page, 'approve-all-warning');
    await page.keyboard.press('Escape');
    await card.locator('[data-testid^="approve-"]').click();
    await byId(page, 'confirm-warning').first().waitFor();
    await pictures(page, 'approve-warning');
    await byId(page, 'confirm').click();
    await card.locator('[data-testid^="publish-"]').waitFor();
    await saved(page);
    await synced(page);
    await signOut(page);
    // Decided, but not yet published.
    await signIn(page, official.username);
    await synced(page);
    await goFar(page, 'year');
    assert.equal(await text(byId(page, row).locator('td').nth(0)), '–');
    await signOut(page);
    await signIn(page, people.chutich.username);
    await goTo(page, 'approve');
    await page.locator('article', { hasText: official.name }).locator('[data-testid^="publish-"]').click();
    await saved(page);
    await synced(page);
    await signOut(page);
  });

  await step('published: the decided result first, with who and when, then both sides and the reasons', async () => {
    await signIn(page, official.username);
    await synced(page);
    await goTo(page, 'self-score');
    await byId(page, 'decided').waitFor();
    assert.equal(await text(byId(page, 'decided-total')), found.trim());
    assert.match(await text(byId(page, 'decided')), new RegExp(people.chutich.name));
    const said = await text(byId(page, 'beside-III.1'));
    assert.match(said, new RegExp(`${REASON}`));
    assert.match(said, /2,5[\s\S]*1,5/);
    assert.match(await text(byId(page, 'beside-comment')), new RegExp(COMMENT));
    assert.match(await text(byId(page, 'beside-worked_days')), /20,5[\s\S]*20/, 'a4: days worked, as stated and as found');
    await pictures(page, 'published');
    await goFar(page, 'year');
    assert.equal(/^(≈ )?\S+/.exec(await text(byId(page, row).locator('td').nth(0)))[0], found.trim());
    await goTo(page, 'my-month');
    assert.match(await nextStep(), /công bố/);
    assert.doesNotMatch(await nextStep(), /rút lại/);
  });
  assert.deepEqual(device.errors, [], 'no page threw an error');
});
