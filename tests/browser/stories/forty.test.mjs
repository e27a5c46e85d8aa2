// Test: a commune of forty completes its month up to publication, on two shared devices. One person is ill, one left on
// the 20th, one was disciplined. Earlier publications must still be there, totals must equal those of `congtam score`,
// and the year must be right.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { accounts, addFreeWork, byId, confirmOwnWork, goFar, goTo, idsOf, markAll, openAndSignIn, saved, signIn, signOut, synced, teller, text, toPeriod } from '../lib/app.mjs';
import { lastMonth } from '../lib/days.mjs';
import { pictures } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { congtam, makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, LANDSCAPE, PORTRAIT, tablet } from '../lib/tablet.mjs';
import { xlsx } from '../lib/xlsx.mjs';

const WAIT_MS = 60_000;
const PEOPLE = 40;
const MONTH = lastMonth();
const [ILL, LEFT, DISCIPLINED] = ['canbo12', 'canbo7', 'canbo3'];

const lines = (output) => output.split('\n').filter(Boolean);
const cards = (data, period) => lines(congtam(['export', 'cards', '--data', data, '--period', period])).map((line) => JSON.parse(line));
const years = (data) => lines(congtam(['rollup', '--data', data, '--year', String(MONTH.year)])).map((line) => JSON.parse(line));
const recomputed = (card, input) => JSON.parse(congtam(['score', '--pack', card.pack], JSON.stringify(input)));

/** The table of the unit's month, with one row for each person. */
function rowsOf(data, period) {
  const [, ...rows] = congtam(['export', 'month', '--data', data, '--period', period]).replace(/^\uFEFF/, '').split('\r\n').filter(Boolean);
  return rows;
}

/** Reports everything assigned as done. A person without assigned work enters work that no list has. */
async function reportAll(page) {
  const done = '[data-testid^="line-"][data-testid$="-done"]';
  await goTo(page, 'my-month');
  await byId(page, 'add-work').waitFor({ timeout: WAIT_MS });
  if ((await idsOf(page, done)).length === 0) await addFreeWork(page, 'Trực phòng chống bão', '1');
  for (const id of await idsOf(page, done)) {
    const assigned = byId(page, id.replace(/-done$/, '-assigned'));
    const amount = await assigned.evaluate((field) => field.value ?? field.textContent);
    await byId(page, id).fill(amount.trim());
    await byId(page, id).blur();
  }
}

/** Submits the highest marks, with one mark lower by `short`, so that people differ. */
async function submitSelf(page, short) {
  await goTo(page, 'self-score');
  await byId(page, 'submit-self').waitFor({ timeout: WAIT_MS });
  await markAll(page);
  await byId(page, 'mark-II.1').fill(short);
  await byId(page, 'mark-II.1').blur();
  await byId(page, 'submit-self').click();
  await byId(page, 'confirm').click();
  await byId(page, 'withdraw-self').waitFor({ timeout: WAIT_MS });
  await saved(page);
}

/** Scores everyone on the list who can be scored, and returns how many there were. */
async function scoreEveryone(page, { absent, disciplined }) {
  await goTo(page, 'to-score');
  const people = page.locator('a.person');
  await people.first().waitFor({ timeout: WAIT_MS });
  let scored = 0;
  for (const id of await idsOf(page, 'a.person')) {
    // On a device held upright, the person's page replaces the list.
    await goTo(page, 'to-score');
    const person = byId(page, id);
    const name = (await text(person)).split('\n')[0].trim();
    await person.click();
    await byId(page, 'subject').filter({ hasText: name }).waitFor({ timeout: WAIT_MS });
    if (name.includes(absent)) {
      await recordIllness(page, id.replace('person-', ''));
      continue;
    }
    const submit = page.locator('[data-testid="accept-all"], [data-testid="submit-appraisal"]');
    await submit.waitFor({ timeout: WAIT_MS });
    if (await byId(page, 'scored-alone').isVisible()) await markAll(page);
    await confirmOwnWork(page);
    if (name.includes(disciplined)) {
      await byId(page, 'facts').locator('summary').click();
      await byId(page, 'fact-disciplined').check();
      await byId(page, 'class').last().filter({ hasText: 'Không hoàn thành' }).waitFor({ timeout: WAIT_MS });
    }
    await submit.click();
    await person.filter({ hasText: 'Đã chấm, chờ duyệt' }).waitFor({ state: 'attached', timeout: WAIT_MS });
    scored += 1;
  }
  await saved(page);
  return scored;
}

async function recordIllness(page, id) {
  await byId(page, `absence-record-${id}`).click();
  await byId(page, 'absence-sick').check();
  await byId(page, 'absence-note').fill('Nằm viện cả tháng');
  await byId(page, 'confirm').click();
  await byId(page, `absence-${id}`).waitFor({ timeout: WAIT_MS });
}

/** Decides and publishes everything that can be. */
async function decideAll(page) {
  await goTo(page, 'approve');
  for (const act of ['approve-all', 'publish-all']) {
    const button = byId(page, act);
    await page.locator(`[data-testid="${act}"]:enabled`).click();
    await byId(page, 'confirm').click();
    await page.locator('[data-testid="ready-count"][data-busy="false"]').waitFor({ timeout: WAIT_MS });
    assert.equal(await byId(page, 'act-error').count(), 0, await text(page.locator('main')));
    assert.ok(await button.isDisabled());
  }
  await saved(page);
}

test('a commune of forty ends its month', { timeout: 1_500_000 }, async (t) => {
  const step = teller(t);
  const data = folder('data');
  const people = accounts(makeDemo(data, 'nd335-congchuc', ['--today', MONTH.day]));
  const here = Object.values(people).filter(({ username }) => !['lanhdaotinh', 'nhansutinh'].includes(username));
  assert.equal(here.length, PEOPLE);
  const before = `${MONTH.year}-${String(Number(MONTH.period.slice(5)) - 1).padStart(2, '0')}`;
  const published = rowsOf(data, before);

  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const devices = [await tablet(folder('one'), PORTRAIT), await tablet(folder('two'), LANDSCAPE)];
  for (const device of devices) t.after(() => closeTablet(device));

  /** Lets everyone of `who` work on a device, one after the other, on two devices at once. */
  const inTurn = async (who, act) => {
    const queue = [...who];
    await Promise.all(devices.map(async ({ page }) => {
      for (let person = queue.shift(); person; person = queue.shift()) {
        if (await byId(page, 'username').isVisible()) await signIn(page, person.username);
        else await openAndSignIn(page, server.url, person.username);
        await synced(page);
        await toPeriod(page, MONTH.name);
        await act(page, person);
        await synced(page);
        await signOut(page);
      }
    }));
  };

  await step('everyone who is there reports, scores and submits on two tablets', async () => {
    await inTurn(here.filter(({ username }) => username !== ILL), async (page, { username }) => {
      if (!username.startsWith('phucvu')) await reportAll(page);
      await submitSelf(page, username.length % 2 ? '2,5' : '2');
    });
    const submitted = cards(data, MONTH.period).filter((card) => card.stage === 'self_scored');
    assert.equal(submitted.length, PEOPLE - 1);
  });

  await step('one left on the 20th, as a list says that comes beside the running server; what was published before stays as it was', async () => {
    const list = join(folder('list'), 'nghi-viec.xlsx');
    const left = [people[LEFT].name, 'Phòng Kinh tế', 'UBND xã Giả Tưởng', 'Chuyên viên', 'Chuyên viên', '01/07/2025', `20/${MONTH.period.slice(5)}/${MONTH.year}`, LEFT];
    writeFileSync(list, xlsx([['Họ và tên', 'Đơn vị', 'Thuộc đơn vị', 'Chức vụ', 'Vai trò', 'Từ ngày', 'Đến ngày', 'Tên đăng nhập'], left]));
    congtam(['import', 'people', list, '--data', data]);
    assert.deepEqual(rowsOf(data, before), published);
    assert.equal(rowsOf(data, MONTH.period).filter((row) => row.startsWith(people[LEFT].name)).length, 1, 'the month has whoever was there until the 20th');
  });

  await step('heads score everyone led; then the deputies and the chairman; then the province', async () => {
    const names = { absent: people[ILL].name, disciplined: people[DISCIPLINED].name };
    const heads = here.filter(({ username }) => username.startsWith('truong'));
    let scored = 0;
    for (const level of [heads, [people.chutich], [people.lanhdaotinh]]) {
      await inTurn(level, async (page) => {
        const here = await scoreEveryone(page, names);
        scored += here;
      });
    }
    const left = cards(data, MONTH.period).filter((card) => card.stage !== 'appraised').map((card) => card.name);
    // The province also scores its own personnel officer.
    assert.deepEqual([scored, left], [PEOPLE - 1 + 1, [people[ILL].name]], 'all but the one who is ill');
  });

  await step('the chairman decides and publishes, the province for the chairman', async () => {
    await inTurn([people.chutich], async (page) => {
      await decideAll(page);
      await goTo(page, 'unit-month');
      await byId(page, 'unit-table').waitFor();
      await pictures(page, 'forty-published');
    });
    await inTurn([people.lanhdaotinh], decideAll);
  });

  await step('every card is published, and each total is the one of `congtam score`', async () => {
    const told = cards(data, MONTH.period).filter((card) => here.some(({ name }) => name === card.name));
    const decided = told.filter((card) => card.stage === 'published');
    const left = told.filter((card) => card.stage !== 'published').map((card) => `${card.name} ${card.stage}`);
    assert.deepEqual(left, [`${people[ILL].name} working`]);
    for (const card of decided) assert.deepEqual(recomputed(card, card.appraised.input), card.appraised.outcome, card.name);
    const classOf = (username) => told.find((card) => card.name === people[username].name).appraised.outcome.class.code;
    assert.equal(classOf(DISCIPLINED), 'KHT');
    assert.notEqual(classOf(LEFT), 'KHT');
    const rows = rowsOf(data, MONTH.period);
    assert.equal(rows.filter((row) => here.some(({ name }) => row.startsWith(`${name};`))).length, PEOPLE);
    assert.match(rows.find((row) => row.startsWith(people[ILL].name)), /Không đánh giá: nghỉ ốm/);
    assert.deepEqual(rowsOf(data, before), published, 'nothing that was published before has changed');
  });

  await step('the year: discipline counts for the whole of it, the ill one and the one who left keep their months', async () => {
    const told = years(data);
    const yearOf = (username) => told.find((one) => one.name === people[username].name);
    const whole = (username) => yearOf(username).longer.find((one) => one.period === String(MONTH.year)).outcome;
    assert.deepEqual(whole(DISCIPLINED).carried.map((one) => [one.fact, one.periods]), [['disciplined', [MONTH.period]]]);
    assert.ok(whole(ILL).not_worked.includes(MONTH.period));
    for (const username of [LEFT, ILL]) {
      const month = yearOf(username).months.find((one) => one.period === before);
      assert.ok(month.decided && month.result, `${username}: ${before}`);
    }
    const [{ page }] = devices;
    await signIn(page, DISCIPLINED);
    await synced(page);
    await goFar(page, 'year');
    await byId(page, `month-${MONTH.period}`).filter({ hasText: 'Không hoàn thành' }).waitFor({ timeout: WAIT_MS });
    await pictures(page, 'forty-year');
  });

  for (const device of devices) assert.deepEqual(device.errors, [], 'no page threw an error');
});
