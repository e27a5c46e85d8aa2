// Test of the main workflow: a real commune's work list, the decree in force, two devices without a network, one
// server.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { accounts, addWork, byId, confirmOwnWork, goTo, openAndSignIn, openPerson, readResult, reload, report, saved, scoreSelf, signIn, signOut, synced, teller, text } from '../lib/app.mjs';
import { isoMonth } from '../lib/days.mjs';
import { keptForOffline, started } from '../lib/page.mjs';
import { atRoot, folder } from '../lib/place.mjs';
import { congtam, decideFromFirstDay, makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, LANDSCAPE, PORTRAIT, tablet } from '../lib/tablet.mjs';

const WORK_LIST = atRoot('../shared/data/work-list-commune-2026.xlsx');
const PRODUCTS = 371;

const decimal = (exact) => exact.replace('.', ',');
const lines = (output) => output.split('\n').filter(Boolean);

/** Another deputy submits a self-score before the network goes away. */
async function otherSubmits(page, url, person) {
  await openAndSignIn(page, url, person.username);
  await addWork(page, 'phan cong, dieu phoi', 'QL.02');
  await report(page, 'QL.02', { assigned: 4, done: 3 });
  const result = await scoreSelf(page, { 'II.1': '2' });
  await synced(page);
  await signOut(page);
  return result;
}

/** A person's card in the server's database. */
function onServer(data, name) {
  const cards = lines(congtam(['export', 'cards', '--data', data, '--period', isoMonth()])).map((line) => JSON.parse(line));
  const card = cards.find((found) => found.name === name);
  assert.ok(card, `${name} has a card on the server`);
  return card;
}

/** The result that anyone gets with the evidence and `congtam score`. */
const recomputed = (card, input) => JSON.parse(congtam(['score', '--pack', card.pack], JSON.stringify(input)));

const cellsOf = (csv) => Object.fromEntries(csv.replace(/^\uFEFF/, '').trim().split('\r\n').map((line) => line.split(';')).map((cells) => [cells[0], cells]));

test('a commune scores its month on two tablets without a network', { timeout: 600_000 }, async (t) => {
  const step = teller(t);
  assert.ok(existsSync(WORK_LIST), `this story imports ${WORK_LIST}, which is not there: lay the folder shared beside the project`);
  const [data, deputyProfile, chairProfile] = ['data', 'deputy', 'chair'].map((name) => folder(name));
  const people = accounts(makeDemo(data));
  decideFromFirstDay(data);
  const [chair, deputy, other] = [people.chutich, people.phochutich1, people.phochutich2];

  await step('the real work list is imported whole', () => {
    const told = congtam(['import', 'work-list', WORK_LIST, '--data', data]);
    assert.match(told, new RegExp(`\\b${PRODUCTS}\\b`), told);
  });

  let server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const address = { url: server.url, port: server.port };
  let deputyTablet = await tablet(deputyProfile, PORTRAIT);
  t.after(() => closeTablet(deputyTablet));
  let chairTablet = await tablet(chairProfile, LANDSCAPE);
  t.after(() => closeTablet(chairTablet));
  let otherSelf;

  await step('both tablets meet the server once; another deputy submits', async () => {
    otherSelf = await otherSubmits(deputyTablet.page, address.url, other);
    await signIn(deputyTablet.page, deputy.username);
    await openAndSignIn(chairTablet.page, address.url, chair.username);
    for (const { page } of [deputyTablet, chairTablet]) {
      await keptForOffline(page);
      await synced(page);
    }
  });

  let deputySelf;
  let otherAppraised;
  await step('the server is gone: the deputy registers work and scores himself, the chairman scores the other', async () => {
    await stopServer(server, 'SIGTERM');
    const { page } = deputyTablet;
    await reload(page);
    await goTo(page, 'my-month');
    await addWork(page, 'chi dao xu ly viec dot xuat', 'QL.05');
    await addWork(page, 'kiem tra, don doc tien do', 'QL.03');
    await report(page, 'QL.05', { assigned: 2, done: '1,5' });
    await report(page, 'QL.03', { assigned: 3, done: 3 });
    deputySelf = await scoreSelf(page, { 'I.2': '4,5' });

    await openPerson(chairTablet.page, other.name);
    await confirmOwnWork(chairTablet.page);
    await byId(chairTablet.page, 'unchanged').locator('summary').click();
    await byId(chairTablet.page, 'mark-III.1').fill('1,5');
    await byId(chairTablet.page, 'mark-III.1').blur();
    await byId(chairTablet.page, 'reason-mark-III.1').fill('Giải pháp chưa áp dụng được');
    await byId(chairTablet.page, 'reason-mark-III.1').blur();
    await saved(chairTablet.page);
    otherAppraised = await readResult(chairTablet.page);
    await byId(chairTablet.page, 'submit-appraisal').click();
    await byId(chairTablet.page, 'queue-progress').waitFor();
    await saved(chairTablet.page);
  });

  const showsAll = async () => {
    await goTo(deputyTablet.page, 'self-score');
    await byId(deputyTablet.page, 'withdraw-self').waitFor();
    assert.deepEqual(await readResult(deputyTablet.page), deputySelf);
    await openPerson(chairTablet.page, other.name);
    assert.deepEqual(await readResult(chairTablet.page), otherAppraised);
  };

  await step('both reload offline and show all', async () => {
    await reload(deputyTablet.page);
    await reload(chairTablet.page);
    await showsAll();
  });

  await step('both are closed and opened again offline and show all', async () => {
    await closeTablet(deputyTablet);
    await closeTablet(chairTablet);
    deputyTablet = await tablet(deputyProfile, PORTRAIT);
    chairTablet = await tablet(chairProfile, LANDSCAPE);
    for (const { page } of [deputyTablet, chairTablet]) {
      await page.goto(address.url);
      await started(page);
      await byId(page, 'person-name').waitFor();
    }
    await showsAll();
    assert.match(await text(byId(deputyTablet.page, 'offline')), /\S/, 'offline is said in words');
  });

  let deputyAppraised;
  await step('the server returns; both sync; the chairman scores the deputy; both sync again', async () => {
    server = await startServer({ data, port: address.port });
    await synced(deputyTablet.page);
    await synced(chairTablet.page);
    await openPerson(chairTablet.page, deputy.name);
    assert.equal(await text(byId(chairTablet.page, 'self-total')).then((words) => words.includes(deputySelf.total)), true, 'the same self-score on both tablets');
    await confirmOwnWork(chairTablet.page);
    await byId(chairTablet.page, 'accept-all').click();
    await saved(chairTablet.page);
    deputyAppraised = await readResult(chairTablet.page);
    await synced(chairTablet.page);
    await synced(deputyTablet.page);
    await goTo(deputyTablet.page, 'self-score');
  });

  await step('totals, classes and explanations are the same on both tablets, in the database and by `congtam score`', async () => {
    assert.deepEqual({ ...deputyAppraised }, { ...deputySelf }, 'accepted as scored, step by step, on two tablets');
    for (const [name, self, appraised] of [[deputy.name, deputySelf, deputyAppraised], [other.name, otherSelf, otherAppraised]]) {
      const card = onServer(data, name);
      for (const [side, shown] of [['self', self], ['appraised', appraised]]) {
        const { input, outcome, sentences } = card[side];
        assert.deepEqual(recomputed(card, input), outcome, `${name}, ${side}: recomputed from the evidence`);
        assert.equal(shown.exact, outcome.total.exact, `${name}, ${side}: total`);
        assert.ok(decimal(outcome.total.decimal).startsWith(shown.total.replace('≈ ', '')), `${name}, ${side}: ${shown.total} is ${outcome.total.decimal} cut short`);
        assert.deepEqual(shown.why, sentences, `${name}, ${side}: every step of the explanation`);
      }
    }
  });

  await step('a9: explanations are sentences with names, clauses with their instrument; the exact number is one tap away', async () => {
    for (const shown of [deputySelf, deputyAppraised, otherSelf, otherAppraised]) {
      for (const sentence of shown.short) {
        assert.doesNotMatch(sentence, /common|task|total|Σ|·|Đ\.\d|k\.\d|\d\/\d+ ≈/, 'no formula of the JSON, no short clause, no fraction');
      }
      assert.ok(shown.short.some((sentence) => /“.+”.*hệ số \(/.test(sentence)), 'work is called by its name');
      assert.ok(shown.short.some((sentence) => /khoản 1 Điều 17 Nghị định 335\/2025\/NĐ-CP/.test(sentence)), 'the clause of the total');
      assert.match(shown.total, /^(≈ )?\d+(,\d{1,2})?$/, 'two decimals at most');
    }
    const { page } = deputyTablet;
    const total = byId(page, 'total').last();
    assert.match(await text(total), /^≈/, 'this total is cut');
    await total.click();
    assert.equal(await text(byId(page, 'exactly').last()), `Đúng bằng ${await total.getAttribute('data-exact')}.`);
  });

  await step('the chairman approves and publishes; the CSV of the tablet is the CSV of the server', async () => {
    const { page } = chairTablet;
    await goTo(page, 'approve');
    await byId(page, 'approve-all').click();
    await byId(page, 'confirm').click();
    await page.locator('[data-testid="publish-all"]:enabled').click();
    await byId(page, 'confirm').click();
    await saved(page);
    await synced(page);
    await goTo(page, 'unit-month');
    const download = page.waitForEvent('download');
    await byId(page, 'export-csv').click();
    const csv = readFileSync(await (await download).path(), 'utf8');
    assert.equal(csv.replace(/^\uFEFF/, ''), congtam(['export', 'month', '--data', data, '--period', isoMonth()]).replace(/^\uFEFF/, ''));
    const cells = cellsOf(csv);
    for (const [name, shown] of [[deputy.name, deputyAppraised], [other.name, otherAppraised]]) {
      const { outcome } = onServer(data, name).appraised;
      assert.equal(shown.exact, outcome.total.exact, `${name}: the number approved`);
      assert.equal(cells[name][11], decimal(outcome.total.decimal), `${name}: approved points`);
      assert.deepEqual([cells[name][12], cells[name][13]], [outcome.class.code, outcome.total.exact], `${name}: class and exact points`);
    }
  });

  assert.deepEqual([...deputyTablet.errors, ...chairTablet.errors], [], 'no page threw an error');
});
