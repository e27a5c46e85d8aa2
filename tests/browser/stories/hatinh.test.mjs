// Test: a team of five scores heads of units by the quarter, as in Hà Tĩnh: each member apart and without a network, one
// away, and the mean signed by whoever leads the team.

import assert from 'node:assert/strict';
import test from 'node:test';
import { byId, goTo, markOne, openPerson, saved, scoreSelf, teller, text } from '../lib/app.mjs';
import { onDevices } from '../lib/chain.mjs';
import { isoMonth } from '../lib/days.mjs';
import { office } from '../lib/office.mjs';

const QUARTER_MONTHS = 3;
const isLastOfQuarter = () => Number(isoMonth().slice(5)) % QUARTER_MONTHS === 0;

test('Hà Tĩnh: a team marks apart, one is away, and the mean is the result', { timeout: 400_000 }, async (t) => {
  const step = teller(t);
  const place = await office(t, 'hatinh-1000');
  const name = (username) => place.people[username].name;
  const as = onDevices(t, place);
  const subject = 'ht-xa';

  await step('the head of a commune scores the quarter, on a scale of 1000', async () => {
    await as(subject, async (page) => {
      assert.match(await text(byId(page, 'period')), /Quý/);
      const { total } = await scoreSelf(page);
      assert.equal(total, '1000');
      assert.match(await text(byId(page, 'step-appraise')), /Chấm 0\/5/);
    });
  });

  await step('members mark without a network; nobody sees what the others gave', async () => {
    await as('ht-phovanphong', async (page) => {
      await openPerson(page, name(subject));
      assert.match(await text(byId(page, 'team-state')), /0\/5/);
      await markOne(page, '1.1', '70', 'Hai văn bản chậm');
      assert.match(await text(byId(page, 'team-state')), /1\/5/);
      assert.equal(await byId(page, 'close-team').count(), 0, 'a member does not close');
    });
    await as('ht-phonoivu', async (page) => {
      await openPerson(page, name(subject));
      await byId(page, 'accept-all').click();
      await saved(page);
      assert.match(await text(byId(page, 'team')), /Điểm của thành viên khác hiện ra sau khi tổ chốt điểm/);
      await byId(page, 'team-marks').locator('summary').click();
      assert.equal(await byId(page, 'team-row-total').locator('td').count(), 2, 'only the own marks, and the result');
    });
    await as('ht-thuky', async (page) => {
      await openPerson(page, name(subject));
      await byId(page, 'accept-all').click();
      await saved(page);
    });
  });

  await step('the person is told who has not marked, and may not take the self-score back', async () => {
    await as(subject, async (page) => {
      await goTo(page, 'self-score');
      await byId(page, 'steps').locator('summary').click();
      const words = await text(byId(page, 'steps'));
      assert.match(words, /Đã chấm 3\/5/);
      assert.ok(words.includes(name('ht-phochutich')) && words.includes(name('ht-phuong1')), words);
      assert.equal(await page.getByText('Hai văn bản chậm').count(), 0);
    });
  });

  await step('whoever leads the team marks, sees the marks, and signs their mean without the one who is away', async () => {
    await as('ht-phochutich', async (page) => {
      await openPerson(page, name(subject));
      assert.ok((await text(byId(page, 'team-missing'))).includes(name('ht-phuong1')));
      await byId(page, 'accept-all').click();
      await saved(page);
      await byId(page, 'team-marks').locator('summary').click();
      assert.match(await text(byId(page, 'team-row-1.1')), /70/);
      await byId(page, 'close-team').click();
      // One of four gave 70 of the 100 points of a row: 970 / 4 + 1000 × 3 / 4.
      assert.match(await text(page.locator('dialog[open]')), /Điểm của tổ: 992,5, từ 4\/5 thành viên/);
      assert.match(await text(page.locator('dialog[open]')), new RegExp(`Vắng: ${name('ht-phuong1')}`));
      await byId(page, 'confirm').click();
      await saved(page);
      await byId(page, 'close-team').waitFor({ state: 'detached' });
    });
  });

  await step('who comes too late is told that the team has its result', async () => {
    await as('ht-phuong1', async (page) => {
      await openPerson(page, name(subject));
      assert.ok(await byId(page, 'mark-1.1').isDisabled());
      await byId(page, 'team-marks').locator('summary').click();
      assert.match(await text(byId(page, 'team-row-1.1')), new RegExp('70'));
    });
  });

  await step('the quarter before is there: who was away, each total, and a deduction in points', async () => {
    await as('ht-phochutich', async (page) => {
      await byId(page, 'period-previous').click();
      await openPerson(page, name('ht-phuong1'));
      assert.ok((await text(byId(page, 'team-missing'))).includes(name('ht-phonoivu')));
      await byId(page, 'team-marks').locator('summary').click();
      assert.doesNotMatch(await text(byId(page, 'team-marks')), /,\d{3}/, 'a mean is cut like a total');
      const parts = await text(page.locator('dl.parts').first());
      assert.match(parts, /Điểm trừ\s+(0|-\d+)(\s|$)/, 'points, no share');
    });
  });

  await step('the head of the city decides on the mean, once the quarter is nearly over', async () => {
    await as('ht-chutich', async (page) => {
      await goTo(page, 'approve');
      if (!isLastOfQuarter()) {
        assert.match(await text(page.locator('main')), /từ ngày/, 'the day is told');
        return;
      }
      await byId(page, 'approve-all').click();
      await byId(page, 'confirm').click();
      await page.locator('[data-testid="ready-count"][data-busy="false"]').waitFor();
      await saved(page);
    });
  });
});
