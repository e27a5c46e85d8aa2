// Test: deductions and bonuses on a card. What an official admits costs at once; what the official claims counts only as the
// head confirms it; the head adds a deduction with a reason. The regulation also allows only 0 or the maximum, and knows
// rows that do not apply.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { accounts, addFreeWork, byId, confirmOwnWork, goTo, idsOf, openPerson, readResult, saved, synced, teller, text } from '../lib/app.mjs';
import { isoMonth } from '../lib/days.mjs';
import { opened } from '../lib/office.mjs';
import { axe, pictures } from '../lib/page.mjs';
import { atRoot, folder } from '../lib/place.mjs';
import { congtam, makeDemo, startServer, stopServer } from '../lib/server.mjs';

const MONTH = isoMonth();

const event = (code, vi, points) => `
[[events]]
code = "${code}"
title.vi = "${vi}"
title.en = "${code}"
${points}
clause = "Đ.4 (thử)"
`;

const MORE = `${event('complaint', 'Phản ánh của dân được kết luận là đúng', 'points = -2')}
${event('letter', 'Thư khen của dân', 'points = 1\ntimes_max = 3')}
${event('urgent', 'Việc đột xuất', 'stated = { min = -5, max = 5 }')}
[[options]]
id = "not_applicable"
title.vi = "Tiêu chí không áp dụng"
title.en = "A criterion that does not apply"
default = "grant"
clause = "Đ.2 (thử)"
reason.vi = "Văn bản không nói."
reason.en = "The text does not say."
values = [
  { id = "grant", title.vi = "Cho điểm tối đa", title.en = "granted in full" },
  { id = "refuse", title.vi = "Không có", title.en = "there is none such" },
]

[[components]]
id = "events"
title.vi = "Điểm cộng, điểm trừ"
title.en = "Bonuses and deductions"
rule = { events = { of = ["complaint", "letter", "urgent"] } }
clause = "Đ.4 (thử)"

[[components]]
id = "total"
`;

/** The decree's regulation with events and with rows that do not apply, as an office of its own would issue it. */
function regulation(data) {
  const decree = readFileSync(atRoot('shared/packs/nd335-congchuc.toml'), 'utf8');
  const own = decree
    .replace('id = "nd335-congchuc"', 'id = "su-kien"')
    .replace('[[components]]\nid = "total"\n', MORE)
    .replace('{ component = "task", weight = 70 }]', '{ component = "task", weight = 70 }, { component = "events", weight = 1 }]');
  const file = join(data, 'su-kien.toml');
  writeFileSync(file, own);
  return file;
}

async function type(page, id, value) {
  await byId(page, id).fill(String(value));
  await byId(page, id).blur();
}

/** The shown total becomes this number. */
const totalIs = (page, exact) =>
  page.waitForFunction((wanted) => document.querySelectorAll('[data-testid="total"]')[0]?.dataset.exact === wanted, exact);

/** What the server has of a person's card; the command line computes the same again. */
function onServer(data, file, name) {
  const cards = congtam(['export', 'cards', '--data', data, '--period', MONTH]).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  // The work that the demo assigned for this month is on a card of the rules of before.
  const card = cards.find((found) => found.name === name && found.appraised);
  assert.ok(card, `${name} has a card on the server`);
  for (const side of ['self', 'appraised']) {
    const again = JSON.parse(congtam(['score', '--pack', file], JSON.stringify(card[side].input)));
    assert.deepEqual(again, card[side].outcome, `${name}, ${side}: recomputed from the evidence`);
  }
  return card;
}

test('a deduction counts at once, a bonus as the head confirms it', { timeout: 400_000 }, async (t) => {
  const step = teller(t);
  const data = folder('data');
  const people = accounts(makeDemo(data));
  const [official, head] = [people.canbo1, people.truong1];
  const file = regulation(folder('rules'));
  congtam(['adopt', '--data', data, '--pack', file, '--decision', 'QĐ 2', '--from', `${MONTH}-01`, '--option', 'common=binary']);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const { page: own } = await opened(t, server.url, official.username);
  const { page: above } = await opened(t, server.url, head.username);

  await step('the official reports one piece of work, done', async () => {
    await goTo(own, 'my-month');
    await addFreeWork(own, 'Việc trong tháng', '1');
    const [id] = await idsOf(own, '[data-testid^="line-"][data-testid$="-done"]');
    await type(own, id, await byId(own, id.replace('-done', '-assigned')).inputValue());
    await saved(own);
  });

  await step('a row is marked with nothing or everything', async () => {
    await goTo(own, 'self-score');
    await byId(own, 'mark-I.1-max').waitFor();
    assert.equal(await byId(own, 'mark-I.1').count(), 0, 'no number can be typed');
    for (const id of await idsOf(own, '[data-testid^="mark-"][data-testid$="-max"]')) await byId(own, id).check();
    await totalIs(own, '100');
    await byId(own, 'mark-I.1-zero').check();
    await totalIs(own, '95');
  });

  await step('a row said not to apply counts as nothing, and needs its reason', async () => {
    await byId(own, 'without').locator('summary').click();
    await byId(own, 'without-III.4').check();
    await totalIs(own, '185/2');
    assert.ok(await byId(own, 'mark-III.4-max').isDisabled());
    assert.ok(await byId(own, 'submit-self').isDisabled());
    await type(own, 'reason-without-III.4', 'Không có việc này');
    await byId(own, 'submit-self').and(own.locator(':enabled')).waitFor();
  });

  await step('what the official admits costs at once; what is claimed waits and needs evidence', async () => {
    await byId(own, 'events').locator('summary').click();
    assert.equal(await byId(own, 'event-complaint-evidence').count(), 0, 'asked for once it happened');
    await type(own, 'event-complaint', '1');
    await totalIs(own, '181/2');
    await type(own, 'event-letter', '2');
    await byId(own, 'event-letter-evidence').waitFor();
    assert.ok(await byId(own, 'submit-self').isDisabled(), 'a bonus names what shows it');
    await type(own, 'event-letter-evidence', 'Thư ngày 01');
    await type(own, 'event-letter', '1001');
    assert.match(await text(own.locator('[id="event-letter-error"]')), /1001/);
    await type(own, 'event-letter', '2');
    await saved(own);
    await totalIs(own, '181/2');
    assert.match(await text(byId(own, 'waiting')), /1 khoản điểm cộng/);
    await pictures(own, 'events-own', byId(own, 'events'));
    await axe(own, 'the own score with events');
    await byId(own, 'submit-self').click();
    await byId(own, 'confirm').click();
    await byId(own, 'withdraw-self').waitFor();
    await synced(own);
  });

  await step('the head answers what is claimed', async () => {
    await synced(above);
    await openPerson(above, official.name);
    await confirmOwnWork(above);
    assert.ok(await byId(above, 'event-complaint-row').isVisible(), 'what was stated is not folded away');
    assert.equal(await byId(above, 'event-complaint').inputValue(), '1', 'what was admitted is taken over');
    assert.match(await text(byId(above, 'event-letter-row')), /Tự nêu: 2 lần – Thư ngày 01/);
    assert.match(await text(above.locator('.sum').last()), /Còn|còn/, 'something waits for an answer');
    await byId(above, 'event-letter-confirm').check();
    await byId(above, 'without-III.4').check();
    await totalIs(above, '95');
  });

  await step('the head states more deductions, with a reason', async () => {
    await type(above, 'event-complaint', '2');
    await totalIs(above, '93');
    await byId(above, 'reason-event-complaint').waitFor();
    assert.ok(await byId(above, 'submit-appraisal').isDisabled());
    await type(above, 'reason-event-complaint', 'Sổ tiếp dân có hai phản ánh');
    await type(above, 'event-urgent', '1');
    assert.ok(await byId(above, 'submit-appraisal').isDisabled(), 'without points it is not whole');
    assert.ok(await byId(above, 'event-urgent-takes').isChecked());
    await type(above, 'event-urgent-points', '6');
    assert.match(await text(above.locator('[id="event-urgent-points-error"]')), /5/, 'more than the rule allows');
    await type(above, 'event-urgent-points', '3');
    await type(above, 'reason-event-urgent', 'Trễ việc đột xuất');
    await totalIs(above, '90');
    await saved(above);
    await pictures(above, 'events-above', byId(above, 'events'));
    await axe(above, 'the head states events');
    await byId(above, 'submit-appraisal').click();
    await saved(above);
    await synced(above);
  });

  await step('the office has it, the explanation names it, and both sides stand beside each other', async () => {
    const card = onServer(data, file, official.name);
    assert.deepEqual([card.self.outcome.total.exact, card.appraised.outcome.total.exact], ['181/2', '90']);
    const counted = (side) => card[side].input.events.map((one) => [one.code, one.count, one.points ?? null]);
    assert.deepEqual(counted('self'), [['complaint', 1, null]]);
    assert.deepEqual(counted('appraised'), [['complaint', 2, null], ['letter', 2, null], ['urgent', 1, '-3']]);
    assert.deepEqual(card.appraised.input.not_applicable, ['III.4']);
    await openPerson(above, official.name);
    const result = await readResult(above);
    assert.ok(result.why.some((sentence) => sentence.includes('Thư khen của dân')), result.why.join('\n'));
    await byId(above, `beside-of-${(await idsOf(above, '[data-testid^="beside-of-"]'))[0].replace('beside-of-', '')}`).locator('summary').click();
    const row = byId(above, 'beside-complaint');
    await row.waitFor();
    assert.match(await text(row), /1 lần[^]*2 lần/);
    assert.match(await text(row), /Sổ tiếp dân/);
    assert.match(await text(byId(above, 'beside-III.4')), /không áp dụng/);
  });
});
