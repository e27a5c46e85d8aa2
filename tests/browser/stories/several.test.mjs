// Test: several regulations score one person. A chairman has the decree's month and the leaders' quarter of 02-HD; both are
// scored and decided, and both stand on the year. Staff get a second regulation of the same month beside the first.

import assert from 'node:assert/strict';
import test from 'node:test';
import { byId, goFar, goTo, idsOf, openPerson, saved, scoreSelf, teller, text, toPeriod } from '../lib/app.mjs';
import { onDevices } from '../lib/chain.mjs';
import { lastMonth } from '../lib/days.mjs';
import { office } from '../lib/office.mjs';
import { pictures } from '../lib/page.mjs';
import { congtam } from '../lib/server.mjs';

const COMMUNE = 'UBND xã Song Ảo';
const DECREE = 'nd335-congchuc';
const QUARTERLY = 'hd02-mau';
const BESIDE = 'longbien-mau';

/** The shares that the classes of 02-HD read, in percent. */
const SHARES = {
  tasks_done_share: '100',
  tasks_on_time_share: '100',
  tasks_late_share: '0',
  tasks_exceeded_share: '40',
  defects_fixed_share: '100',
};

/** Shows the quarter before the one under way. */
async function lastQuarter(page) {
  await byId(page, 'span').selectOption('quarter');
  await byId(page, 'period').filter({ hasText: /Quý/ }).waitFor();
  await byId(page, 'period-previous').click();
}

async function months(page) {
  await byId(page, 'span').selectOption('month');
  await byId(page, 'period').filter({ hasText: /Tháng/ }).waitFor();
}

async function run(page, button) {
  await byId(page, button).click();
  await byId(page, 'confirm').click();
  await page.locator('[data-testid="ready-count"][data-busy="false"]').waitFor();
  await saved(page);
}

test('a chairman by the month and by the quarter, staff by two regulations of one month', { timeout: 400_000 }, async (t) => {
  const step = teller(t);
  const place = await office(t, 'hd02-quy');
  const name = (username) => place.people[username].name;
  const as = onDevices(t, place);
  const chairman = name('hd-chutich');
  let quarter;
  let shown;

  await step('the chairman scores the quarter that is left, beside the months', async () => {
    await as('hd-chutich', async (page) => {
      assert.match(await text(byId(page, 'period')), /Tháng/, 'the month opens');
      assert.deepEqual(await byId(page, 'span').locator('option').allInnerTexts(), ['Tháng', 'Quý']);
      await lastQuarter(page);
      quarter = await text(byId(page, 'period'));
      await goTo(page, 'self-score');
      assert.equal(await byId(page, 'card-choice').count(), 0, 'one regulation by the quarter: nothing to choose');
      for (const [fact, percent] of Object.entries(SHARES)) {
        await byId(page, `fact-${fact}`).fill(percent);
        await byId(page, `fact-${fact}`).blur();
      }
      const { total } = await scoreSelf(page, { 'KPI.D': '80' });
      // 30 + 70 · (100 + 100 + 100 + 80) / 400.
      assert.equal(total, '96,5');
      await pictures(page, 'several-quarter');
      await months(page);
    });
  });

  await step('who keeps the records comments on it, and staff know nothing of quarters', async () => {
    await as('hd-nhansu', async (page) => {
      await months(page);
      await page.locator('[data-testid^="waits-"]').getByRole('button').click();
      await byId(page, 'period').filter({ hasText: quarter }).waitFor();
      await openPerson(page, chairman);
      assert.equal(await byId(page, 'regulation').count(), 0, 'one card of that person in the quarter');
      for (const same of await idsOf(page, '[data-testid^="fact-"][data-testid$="-same"]')) await byId(page, same).click();
      await saved(page);
      await byId(page, 'accept-all').click();
      await saved(page);
    });
    await as('hd-canbo1', async (page) => {
      assert.equal(await byId(page, 'span').count(), 0);
    });
  });

  await step('the level above scores the month, and decides both', async () => {
    await as('lanhdaotinh', async (page) => {
      const { name: month } = lastMonth();
      await toPeriod(page, month);
      await openPerson(page, chairman);
      await byId(page, 'accept-all').or(byId(page, 'submit-appraisal')).first().waitFor();
      for (const own of await idsOf(page, '[data-testid^="review-"][data-testid$="-confirm"]:not(:checked)')) await byId(page, own).check();
      await page.locator('[data-testid="accept-all"]:enabled, [data-testid="submit-appraisal"]:enabled').first().click();
      await saved(page);
      await goTo(page, 'approve');
      await run(page, 'approve-all');
      await lastQuarter(page);
      await run(page, 'approve-all');
    });
    await as('hd-nhansu', async (page) => {
      await toPeriod(page, lastMonth().name);
      await goTo(page, 'approve');
      await run(page, 'publish-all');
      await lastQuarter(page);
      await run(page, 'publish-all');
    });
  });

  await step('both results stand side by side on the year, and are never added', async () => {
    await as('hd-chutich', async (page) => {
      await lastQuarter(page);
      await goTo(page, 'self-score');
      assert.equal(await text(byId(page, 'decided-total')), '96,5');
      await goFar(page, 'year');
      const [decree, leaders] = [DECREE, QUARTERLY].map((id) => byId(page, `year-table-${id}`));
      assert.match(await text(page.locator('main')), /Theo 335\/2025\/NĐ-CP[^]*Theo 02-HD\/BTCTW/);
      const month = decree.getByTestId(`month-${lastMonth().period}`);
      assert.match(await text(month), /Đã công bố/);
      const points = (await text(month.locator('td').first())).trim();
      assert.match(points, /^(≈ )?\d+(,\d+)?$/, 'the month has its points');
      assert.notEqual(points, '96,5');
      assert.match(await text(leaders), new RegExp(`${quarter.split('/')[0]}\\s+96,5`));
      assert.doesNotMatch(await text(decree), /96,5/, 'nothing of the quarter enters what the decree makes of its months');
      assert.equal(await leaders.locator('[data-testid^="month-"]').count(), 4, 'four quarters');
      await pictures(page, 'several-year', leaders);
      shown = Number(points.replace('≈ ', '').replace(',', '.'));
    });
    const year = quarter.split('/')[1];
    const lines = (args) => congtam([...args, '--data', place.data, '--unit', COMMUNE]).trim().split('\n');
    const years = lines(['rollup', '--year', year]).map((line) => JSON.parse(line)).filter((one) => one.name === chairman);
    assert.deepEqual(years.map((one) => one.regulation), [DECREE, QUARTERLY], 'a line for each regulation');
    const period = `${year}-Q${quarter.match(/\d+/)[0]}`;
    const found = (one, wanted) => one.periods.find((part) => part.period === wanted)?.result.total;
    assert.equal(found(years[1], period), '193/2');
    const [over, under] = `${found(years[0], lastMonth().period)}/1`.split('/').map(Number);
    assert.ok(Math.abs(over / under - shown) < 0.01, 'the month as on the screen');
    const quotas = JSON.parse(lines(['quota', '--period', period])[0]);
    assert.deepEqual(quotas.map((one) => one.pack), [QUARTERLY], 'the decree counts nobody in the quarter');
  });

  await step('a regulation adopted beside the other: whoever scores sees two rows of one person, each with its name', async () => {
    const adopt = ['adopt', '--data', place.data, '--pack', BESIDE, '--unit', COMMUNE, '--decision', 'QĐ 02 (thử)'];
    congtam([...adopt, '--beside']);
    await as('hd-canbo1', async (page) => {
      await goTo(page, 'self-score');
      assert.equal(await byId(page, 'card-choice').locator('button').count(), 2);
      await byId(page, `card-under-${BESIDE}`).click();
      await byId(page, 'mark-1').waitFor();
      const { total } = await scoreSelf(page);
      assert.equal(total, '100');
      await byId(page, `card-under-${DECREE}`).click();
      await byId(page, 'mark-I.1').waitFor();
      assert.equal(await byId(page, 'withdraw-self').count(), 0, 'the other card is not submitted');
      assert.equal(await byId(page, 'mark-I.1').inputValue(), '', 'nor marked');
      await pictures(page, 'several-choice', byId(page, 'card-choice'));
    });
    await as('hd-truong1', async (page) => {
      await goTo(page, 'to-score');
      const rows = page.locator('[data-testid^="person-"]', { hasText: name('hd-canbo1') });
      await rows.first().waitFor();
      const words = await rows.allInnerTexts();
      assert.equal(words.length, 2, words.join('\n'));
      assert.ok(words.some((row) => /Theo 335\/2025\/NĐ-CP/.test(row)) && words.some((row) => /Theo Quy định đánh giá/.test(row)));
      await pictures(page, 'several-rows', rows.first());
      await rows.filter({ hasText: /Theo Quy định đánh giá/ }).click();
      await byId(page, 'regulation').filter({ hasText: /Long Biên/ }).waitFor();
      await byId(page, 'accept-all').click();
      await saved(page);
    });
  });
});
