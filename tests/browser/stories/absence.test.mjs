// Tests: people who are ill, have left or did not score themselves: case 10, rows 3, 14 and 20.

import assert from 'node:assert/strict';
import test from 'node:test';
import { accounts, byId, goTo, idsOf, markAll, openAndSignIn, openPerson, reload, saved, scoreSelf, signIn, signOut, synced, teller, text, toPeriod } from '../lib/app.mjs';
import { lastMonth } from '../lib/days.mjs';
import { axe, keptForOffline } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { congtam, makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, LANDSCAPE, tablet } from '../lib/tablet.mjs';

const WAIT_MS = 30_000;

/** A demo whose open month is the previous one: it is over, and nobody has been scored in it. */
const demo = (data, day) => accounts(makeDemo(data, 'nd335-congchuc', ['--today', day]));

/** Signs a person in on a device of their own and shows that month. */
async function sit(t, url, who, name) {
  const device = await tablet(folder(who), LANDSCAPE);
  t.after(() => closeTablet(device));
  await openAndSignIn(device.page, url, who);
  await keptForOffline(device.page);
  await synced(device.page);
  await toPeriod(device.page, name);
  return device;
}

const idOf = async (page, name) => (await page.locator('[data-testid^="person-"]', { hasText: name }).first().getAttribute('data-testid')).replace('person-', '');

/**
 * Row 20: units stay together, and people within a unit are sorted by given name, in the browser's own Vietnamese
 * order.
 */
function inVietnameseOrder(rows) {
  assert.ok(rows.length > 30, `${rows.length} rows`);
  const units = rows.map((row) => row.unit).filter((unit, place, all) => unit !== all[place - 1]);
  assert.equal(new Set(units).size, units.length, 'units stay together');
  const given = (row) => row.name.split(' ').at(-1);
  for (const unit of units) {
    const names = rows.filter((row) => row.unit === unit);
    const sorted = [...names].sort((one, other) => given(one).localeCompare(given(other), 'vi') || one.name.localeCompare(other.name, 'vi'));
    assert.deepEqual(names.map((row) => row.name), sorted.map((row) => row.name), unit);
  }
}

const lineOf = (csv, name) => csv.split('\r\n').find((line) => line.startsWith(name)).split(';');

test('case_10: a month of leave is recorded without the absent person', { timeout: 900_000 }, async (t) => {
  const step = teller(t);
  const month = lastMonth();
  const data = folder('data');
  const people = demo(data, month.day);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const head = await sit(t, server.url, people.truong2.username, month.name);
  const away = people.canbo6;
  let id;

  await step('the head records maternity leave of somebody who has not submitted', async () => {
    const { page } = head;
    await openPerson(page, away.name);
    id = await idOf(page, away.name);
    await byId(page, `absence-record-${id}`).click();
    await byId(page, 'confirm').click();
    await page.getByText('Chưa chọn lý do.').waitFor({ timeout: WAIT_MS });
    await byId(page, 'absence-other').check();
    await byId(page, 'confirm').click();
    await page.getByText('Chọn “lý do khác” thì phải ghi rõ lý do.').waitFor({ timeout: WAIT_MS });
    await byId(page, 'absence-maternity').check();
    await byId(page, 'absence-note').fill('QĐ 12/QĐ-UBND');
    await axe(page, 'recording an absence');
    await byId(page, 'confirm').click();
    await byId(page, `absence-${id}`).filter({ hasText: 'Không đánh giá: nghỉ thai sản' }).waitFor({ timeout: WAIT_MS });
    await byId(page, `person-${id}`).filter({ hasText: 'Không đánh giá' }).waitFor({ timeout: WAIT_MS });
    assert.ok(await byId(page, 'submit-appraisal').isDisabled(), 'nobody is scored who is not assessed');
    await saved(page);
    await reload(page);
    await toPeriod(page, month.name);
    await openPerson(page, away.name);
    await byId(page, `absence-${id}`).waitFor({ timeout: WAIT_MS });
    await synced(page);
  });

  await step('table, file and year say so', async () => {
    const line = lineOf(congtam(['export', 'month', '--data', data, '--period', month.period]), away.name);
    assert.ok(line.includes('Không đánh giá: nghỉ thai sản'), line.join(';'));
    const years = congtam(['rollup', '--data', data, '--year', String(month.year)]).trim().split('\n').map((one) => JSON.parse(one));
    const year = years.find((one) => one.name === away.name);
    const whole = year.longer.find((one) => one.period === String(month.year)).outcome;
    assert.ok(whole.not_worked.includes(month.period), 'the month counts as not worked');
    assert.ok(!whole.missing.includes(month.period), 'and not as missing');
  });

  await step('the chairman sees it in the unit and among the decisions, and it is in no quota', async () => {
    const { page } = await sit(t, server.url, people.chutich.username, month.name);
    await goTo(page, 'unit-month');
    await byId(page, 'unit-table').waitFor({ timeout: WAIT_MS });
    const rows = await page.locator('[data-testid="unit-table"] tbody tr').evaluateAll((found) =>
      found.map((row) => ({ unit: row.lastElementChild.innerText, name: row.querySelector('a').innerText })));
    inVietnameseOrder(rows);
    await byId(page, 'filter-absent').click();
    await byId(page, `row-${id}`).filter({ hasText: 'Không đánh giá: nghỉ thai sản' }).waitFor({ timeout: WAIT_MS });
    assert.equal((await idsOf(page, '[data-testid="unit-table"] tbody tr')).length, 1);
    await byId(page, 'to-quota').click();
    await page.getByText(`Không đánh giá kỳ này, không tính: ${away.name}.`).waitFor({ timeout: WAIT_MS });
    await goTo(page, 'approve');
    await byId(page, `person-${id}`).filter({ hasText: 'Không đánh giá' }).waitFor({ timeout: WAIT_MS });
    assert.equal(await byId(page, `approve-${id}`).count(), 0);
  });

  await step('the person sees it and cannot take it back', async () => {
    const { page } = await sit(t, server.url, away.username, month.name);
    await goTo(page, 'my-month');
    await byId(page, `absence-${id}`).filter({ hasText: people.truong2.name }).waitFor({ timeout: WAIT_MS });
    assert.equal(await byId(page, `absence-lift-${id}`).count(), 0);
  });

  await step('the head takes it back, with a reason', async () => {
    const { page } = head;
    await openPerson(page, away.name);
    await byId(page, `absence-lift-${id}`).click();
    await byId(page, 'confirm').click();
    await page.getByText('Cần ghi lý do.').waitFor({ timeout: WAIT_MS });
    await byId(page, 'reason').fill('Đi làm lại từ ngày 20');
    await byId(page, 'confirm').click();
    await byId(page, `absence-${id}`).waitFor({ state: 'detached', timeout: WAIT_MS });
    await byId(page, `absence-record-${id}`).waitFor({ timeout: WAIT_MS });
    await synced(page);
    assert.ok(!congtam(['export', 'month', '--data', data, '--period', month.period]).includes('Không đánh giá'));
  });

  assert.deepEqual(head.errors, [], 'no page threw an error');
});

test('row_14: who did not score themselves is scored; a self-score that comes late is not lost', { timeout: 900_000 }, async (t) => {
  const step = teller(t);
  const month = lastMonth();
  const data = folder('data');
  const people = demo(data, month.day);
  let server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const [silent, late] = [people.canbo6, people.canbo7];
  const head = await sit(t, server.url, people.truong2.username, month.name);
  const official = await sit(t, server.url, late.username, month.name);

  await step('the head scores somebody who never submitted', async () => {
    const { page } = head;
    await openPerson(page, silent.name);
    await byId(page, 'scored-alone').waitFor({ timeout: WAIT_MS });
    assert.ok(await byId(page, 'submit-appraisal').isDisabled(), 'nothing is marked yet');
    await markAll(page);
    await axe(page, 'scoring without a self-score');
    await byId(page, 'submit-appraisal').click();
    const id = await idOf(page, silent.name);
    await byId(page, `person-${id}`).filter({ hasText: 'Đã chấm, chờ duyệt' }).waitFor({ timeout: WAIT_MS });
    await synced(page);
    const cards = congtam(['export', 'cards', '--data', data, '--period', month.period]).trim().split('\n').map((one) => JSON.parse(one));
    const card = cards.find((one) => one.name === silent.name);
    assert.equal(card.stage, 'appraised');
    assert.equal(card.self, undefined, 'no self-score is made up');
    assert.equal(card.appraised.input.reasons['I.1'], 'Không tự chấm');
  });

  await step('another submits on a tablet without a network, while the head does not wait', async () => {
    await stopServer(server, 'SIGTERM');
    await scoreSelf(official.page);
    // The head's device gets the network first.
    await official.context.setOffline(true);
    server = await startServer({ data, port: server.port });
    const { page } = head;
    await openPerson(page, late.name);
    await byId(page, 'scored-alone').waitFor({ timeout: WAIT_MS });
    await markAll(page);
    await byId(page, 'submit-appraisal').click();
    await saved(page);
    await synced(page);
    await official.context.setOffline(false);
    await synced(official.page);
  });

  await step('both are kept, and the head chooses the self-score and scores again', async () => {
    const { page } = head;
    await synced(page);
    await goTo(page, 'sync');
    const contested = byId(page, 'contested').filter({ hasText: late.name });
    await contested.waitFor({ timeout: WAIT_MS });
    const cells = await contested.locator('thead th').allInnerTexts();
    const place = cells.findIndex((cell) => cell.includes(late.name)) - 1;
    await contested.getByTestId(`choose-${place}`).click();
    await byId(page, 'reason').fill('Lấy bản tự chấm');
    await byId(page, 'confirm').click();
    await contested.waitFor({ state: 'detached', timeout: WAIT_MS });
    await openPerson(page, late.name);
    await byId(page, 'self-total').waitFor({ timeout: WAIT_MS });
    assert.equal(await byId(page, 'scored-alone').count(), 0);
  });

  assert.deepEqual([...head.errors, ...official.errors], [], 'no page threw an error');
});

test('row_3: support staff are not asked for work and submit', { timeout: 600_000 }, async (t) => {
  const step = teller(t);
  const data = folder('data');
  const people = accounts(makeDemo(data));
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(folder('support'), LANDSCAPE);
  t.after(() => closeTablet(device));
  const { page } = device;
  await openAndSignIn(page, server.url, people.phucvu1.username);
  await keptForOffline(page);

  await step('“Việc của tôi” asks for none and says why', async () => {
    await goTo(page, 'my-month');
    await byId(page, 'next-step').filter({ hasText: 'không kê khai việc quy đổi' }).waitFor({ timeout: WAIT_MS });
    for (const button of ['add-work', 'same-as-last-month', 'month-sum']) assert.equal(await byId(page, button).count(), 0, button);
  });

  await step('the self-score is submitted, with a class and no word of lines', async () => {
    const result = await scoreSelf(page);
    assert.equal(result.total, '100');
    assert.equal(await byId(page, 'act-error').count(), 0);
    await synced(page);
    await signOut(page);
  });

  await step('the head is not asked to assign any either, and scores', async () => {
    await signIn(page, people.truong1.username);
    await openPerson(page, people.phucvu2.name);
    await byId(page, 'assign').filter({ hasText: 'không kê khai việc quy đổi' }).waitFor({ timeout: WAIT_MS });
    assert.equal(await byId(page, 'assign-work').count(), 0);
    await openPerson(page, people.phucvu1.name);
    await byId(page, 'accept-all').click();
    const id = await idOf(page, people.phucvu1.name);
    await byId(page, `person-${id}`).filter({ hasText: 'Đã chấm, chờ duyệt' }).waitFor({ timeout: WAIT_MS });
    await saved(page);
  });

  assert.deepEqual(device.errors, [], 'no page threw an error');
});
