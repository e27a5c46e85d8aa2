// Test: weighted products on a card. A head states them without a network; whoever appraises confirms them, lowers a mark,
// weighs two anew, and explains why the results are far apart; the head reads all of it once it is published. Then work
// that is weighed by levels and multiplied by the position.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { accounts, byId, confirmOwnWork, goTo, idsOf, markAll, openPerson, readResult, saved, synced, teller, text } from '../lib/app.mjs';
import { isoMonth } from '../lib/days.mjs';
import { opened } from '../lib/office.mjs';
import { axe, pictures } from '../lib/page.mjs';
import { atRoot, folder } from '../lib/place.mjs';
import { congtam, makeDemo, startServer, stopServer } from '../lib/server.mjs';

const MONTH = isoMonth();

/** A template of `shared/packs`, as an office would complete it for its months: what is not known is written. */
function completed(data, id, drop, changes) {
  const whole = readFileSync(atRoot(`shared/packs/${id}.toml`), 'utf8');
  // A table with those that belong to it.
  const tables = whole.split(/\n(?=\[\[?[a-z_]+\]\]?\n)/);
  let text = tables.filter((table) => !drop.some((pattern) => pattern.test(table))).join('\n');
  text = text
    .replace('status = "template"', 'status = "complete"')
    .replace('periods = ["quarter"]', 'periods = ["month"]')
    .replaceAll(/cần nhập theo văn bản/gi, 'theo văn bản')
    .replaceAll(/(to be )?enter(ed)? from the text/gi, 'as the text says');
  for (const [before, after] of changes) {
    assert.ok(text.includes(before), `${id} has ${before}`);
    text = text.replace(before, after);
  }
  const file = join(data, `${id}.toml`);
  writeFileSync(file, text);
  congtam(['pack', 'check', file]);
  return file;
}

/** 03-HD/TVĐU for leaders alone, decided by the head of the agency: what the text leaves open of the levels above goes. */
const keyProducts = (data) =>
  completed(
    data,
    'hd03-abcd',
    [/roles = \["unit"\]/, /^\[\[roles\]\]\nid = "unit"/, /^\[\[steps\]\]\nid = "(vote|appraise_above|approve_above)"/, /^\[\[bodies\]\]/, /^\[\[roll_ups\]\]/],
    [
      ['after = ["self_score", "vote"]', 'after = ["self_score"]'],
      ['after_others = [{ step = "approve_unit", of = "unit_card" }]\n', 'opens = { from = 1 }\n'],
      ['after = ["approve_above"]', 'after = ["approve"]'],
    ],
  );

const PRODUCTS = [
  { name: 'Đề án sắp xếp thôn', frame: 'management', weight: 30, main: true, marks: [80, 90, 100, 70] },
  { name: 'Số hóa hồ sơ hộ tịch', frame: 'technical', weight: 25, marks: [100, 100, 100, 100] },
  { name: 'Tổ công nghệ cộng đồng', frame: 'innovation', weight: 15, marks: [100, 100, 100, 100] },
];

async function type(page, id, value) {
  await byId(page, id).fill(String(value));
  await byId(page, id).blur();
}

/** The shown total becomes this number. */
const totalIs = (page, exact) =>
  page.waitForFunction((wanted) => document.querySelectorAll('[data-testid="total"]')[0]?.dataset.exact === wanted, exact);

async function addProduct(page, number, { name, frame, weight, main, marks }) {
  await byId(page, 'add-product').click();
  await type(page, `product-${number}-name`, name);
  await byId(page, `product-${number}-frame`).selectOption(frame);
  await type(page, `product-${number}-weight`, weight);
  if (main) await byId(page, `product-${number}-main`).check();
  for (const [place, mark] of marks.entries()) await type(page, `product-${number}-mark-${'ABCD'[place]}`, mark);
}

/** What the server has of a person's card; the command line computes the same again from the evidence. */
function onServer(data, file, name) {
  const cards = congtam(['export', 'cards', '--data', data, '--period', MONTH]).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const card = cards.find((found) => found.name === name && found.appraised);
  assert.ok(card, `${name} has a card on the server`);
  for (const side of ['self', 'appraised']) {
    const again = JSON.parse(congtam(['score', '--pack', file], JSON.stringify(card[side].input)));
    assert.deepEqual(again, card[side].outcome, `${name}, ${side}: recomputed from the evidence`);
  }
  return card;
}

/** A demo office that lives by the regulation of `make` this month, with its server. */
async function livesBy(t, make) {
  const data = folder('data');
  const people = accounts(makeDemo(data));
  const file = make(folder('rules'));
  congtam(['adopt', '--data', data, '--pack', file, '--decision', 'QĐ 2', '--from', `${MONTH}-01`]);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  return { data, people, file, url: server.url };
}

test('products are stated, confirmed and weighed anew, and the difference is explained', { timeout: 400_000 }, async (t) => {
  const step = teller(t);
  const { data, people, file, url } = await livesBy(t, keyProducts);
  const [head, clerk, chair] = [people.truong1, people.nhansu, people.chutich];
  const device = await opened(t, url, head.username);
  const own = device.page;
  const { page: above } = await opened(t, url, clerk.username);

  await step('without a network the head states what the rules read', async () => {
    await device.context.setOffline(true);
    await goTo(own, 'self-score');
    await markAll(own);
    for (const fact of ['tasks_done_share', 'unit_done_share', 'defects_fixed_share']) await type(own, `fact-${fact}`, 100);
    await type(own, 'fact-tasks_exceeded_share', 30);
    await type(own, 'fact-key_tasks_level_2_3', 0);
    assert.ok(await byId(own, 'submit-self').isDisabled(), 'the products are missing');
    for (const [place, product] of PRODUCTS.entries()) await addProduct(own, place + 1, product);
    await totalIs(own, '957/10');
    assert.match(await text(byId(own, 'products-sums')), /3 sản phẩm[^]*70\/70[^]*Trục chính 30/);
  });

  await step('what the text does not allow is said where it is', async () => {
    await type(own, 'product-1-weight', 29);
    await byId(own, 'result').getByText('Các sản phẩm: Trọng số').waitFor();
    assert.ok(await byId(own, 'submit-self').isDisabled());
    await type(own, 'product-1-weight', 71);
    assert.match(await text(own.locator('[id="product-1-weight-error"]')), /71/);
    await type(own, 'product-1-weight', 30);
    await byId(own, 'add-product').click();
    await byId(own, 'product-4-remove').click();
    await byId(own, 'confirm').click();
    await byId(own, 'product-4-row').waitFor({ state: 'detached' });
    await totalIs(own, '957/10');
    await byId(own, 'product-1-own-weights').click();
    await type(own, 'product-1-own-A', 35);
    await type(own, 'product-1-own-B', 25);
    await totalIs(own, '477/5');
    await pictures(own, 'products-own', byId(own, 'products'));
    await axe(own, 'the own score with products');
  });

  await step('the head submits, and the tablet sends it once there is a network', async () => {
    await saved(own);
    await byId(own, 'submit-self').click();
    await byId(own, 'confirm').click();
    await byId(own, 'withdraw-self').waitFor();
    await device.context.setOffline(false);
    await synced(own);
  });

  await step('nothing that was proposed counts before it is confirmed', async () => {
    await synced(above);
    await openPerson(above, head.name);
    await byId(above, 'confirm-products').waitFor();
    for (const fact of ['tasks_done_share', 'unit_done_share', 'defects_fixed_share', 'tasks_exceeded_share', 'key_tasks_level_2_3']) {
      await byId(above, `fact-${fact}-same`).click();
    }
    assert.match(await text(byId(above, 'product-1-row')), /Đề án sắp xếp thôn[^]*Tự nêu: trọng số 30/);
    assert.match(await text(above.locator('.sum').last()), /Còn 3 điều/);
    await byId(above, 'confirm-products').click();
    await totalIs(above, '477/5');
    assert.ok(await byId(above, 'accept-all').isEnabled(), 'all is as proposed');
  });

  await step('a lower mark and other weights have their reasons, and a large difference its explanation', async () => {
    await byId(above, 'product-2-more').click();
    await type(above, 'product-2-mark-B', 60);
    assert.ok(await byId(above, 'submit-appraisal').isDisabled());
    await type(above, 'reason-product-2', 'Một phần tư hồ sơ quét lỗi');
    for (const [number, weight] of [[1, 28], [3, 17]]) {
      await byId(above, `product-${number}-more`).click();
      await type(above, `product-${number}-weight`, weight);
      await type(above, `reason-product-${number}`, 'Cân lại theo khối lượng việc');
    }
    // 30 + 28 · 84.5 % (23.7) + 25 · 80 % + 17
    await totalIs(above, '907/10');
    assert.equal(await byId(above, 'explanation').count(), 0, '4.7 points apart, the same class');
    await type(above, 'product-3-mark-C', 80);
    // 17 · (15 + 30 + 20 · 0.8 + 35) % = 16.32, to a tenth 16.3
    await totalIs(above, '90');
    await byId(above, 'explanation').waitFor();
    assert.ok(await byId(above, 'submit-appraisal').isDisabled());
    await byId(above, 'explanation').fill('Hai sản phẩm chưa nghiệm thu hết');
    await byId(above, 'explanation').blur();
    await saved(above);
    await pictures(above, 'products-above', byId(above, 'products'));
    await axe(above, 'the products of another');
    await byId(above, 'submit-appraisal').click();
    await saved(above);
    await synced(above);
  });

  await step('the office has it, and the command line comes to the same', async () => {
    const card = onServer(data, file, head.name);
    assert.deepEqual([card.self.outcome.total.exact, card.appraised.outcome.total.exact], ['477/5', '90']);
    assert.deepEqual(card.appraised.input.products.map((product) => product.weight), ['28', '25', '17']);
    assert.deepEqual(card.appraised.input.self, { total: '477/5', class: 'HTXS', explanation: 'Hai sản phẩm chưa nghiệm thu hết' });
    await openPerson(above, head.name);
    const result = await readResult(above);
    assert.ok(result.why.some((sentence) => sentence.includes('Số hóa hồ sơ hộ tịch')), result.why.join('\n'));
  });

  await step('once it is published the head reads every change with its reason', async () => {
    const { page: deciding } = await opened(t, url, chair.username);
    await goTo(deciding, 'approve');
    await byId(deciding, 'approve-all').click();
    await byId(deciding, 'confirm').click();
    await saved(deciding);
    await synced(deciding);
    await synced(above);
    await goTo(above, 'approve');
    await above.locator('[data-testid="publish-all"]:enabled').click();
    await byId(above, 'confirm').click();
    await saved(above);
    await synced(above);
    await synced(own);
    await goTo(own, 'self-score');
    const row = byId(own, 'beside-product-1');
    await row.waitFor();
    assert.match(await text(row), /30[^]*28/);
    assert.match(await text(byId(own, 'beside-product-2-B')), /100[^]*60/);
    assert.match(await text(row), /Cân lại theo khối lượng việc/);
    assert.match(await text(byId(own, 'beside-explanation')), /Hai sản phẩm chưa nghiệm thu hết/);
    await pictures(own, 'products-published', row);
  });
});

/** The statistics office of Hưng Yên, with names for its positions and months in place of quarters. */
const levels = (data) => completed(data, 'thongke-hungyen', [/^\[\[roll_ups\]\]/], []);

test('work is weighed by the level that the superior sets, and multiplied by the position', { timeout: 400_000 }, async (t) => {
  const step = teller(t);
  const { data, people, file, url } = await livesBy(t, levels);
  const [official, head] = [people.canbo1, people.truong1];
  const { page: own } = await opened(t, url, official.username);
  const { page: above } = await opened(t, url, head.username);

  await step('nothing is added before its level is chosen', async () => {
    await goTo(own, 'my-month');
    await byId(own, 'add-work').click();
    await byId(own, 'free-work').click();
    await byId(own, 'free-name').fill('Điều tra doanh nghiệp');
    assert.ok(await byId(own, 'free-add').isDisabled());
    await byId(own, 'work-level').selectOption('N2');
    await byId(own, 'free-add').click();
    await byId(own, 'work-done').click();
    const [id] = await idsOf(own, '[data-testid^="line-"][data-testid$="-done"]');
    await type(own, id, await byId(own, id.replace('-done', '-assigned')).inputValue());
    await saved(own);
    assert.match(await text(byId(own, id.replace('-done', ''))), /Nhóm 2/);
  });

  await step('the official names the position and submits', async () => {
    await goTo(own, 'self-score');
    await markAll(own);
    await type(own, 'fact-quarter_done_share', 100);
    assert.ok(await byId(own, 'submit-self').isDisabled(), 'the position is missing');
    await byId(own, 'position').selectOption('3');
    await saved(own);
    await pictures(own, 'position-own', byId(own, 'position-section'));
    await byId(own, 'submit-self').click();
    await byId(own, 'confirm').click();
    await byId(own, 'withdraw-self').waitFor();
    await synced(own);
  });

  await step('the head sets another level with a reason and confirms the position', async () => {
    await synced(above);
    await openPerson(above, official.name);
    await confirmOwnWork(above);
    const [level] = await idsOf(above, '[data-testid^="review-"][data-testid$="-level"]');
    await byId(above, level).selectOption('N1');
    await type(above, level.replace('-level', '-reason'), 'Việc thường ngày');
    await byId(above, 'fact-quarter_done_share-same').click();
    assert.match(await text(above.locator('.sum').last()), /Còn 1 điều/);
    await byId(above, 'position-same').click();
    await saved(above);
    await byId(above, 'submit-appraisal').click();
    await saved(above);
    await synced(above);
  });

  await step('the office has both, and the command line comes to the same', async () => {
    const card = onServer(data, file, official.name);
    const read = (side) => [card[side].input.work[0].difficulty, card[side].input.subject.position];
    assert.deepEqual([read('self'), read('appraised')], [['N2', '3'], ['N1', '3']]);
  });
});
