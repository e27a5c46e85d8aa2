// Test: what offices need that score for real, each act without a network: work due after the cut-off goes to next month's
// card, the decider sets another class with a reason, and personnel enters the province's decision on the chairman.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { addFreeWork, byId, confirmOwnWork, goTo, lineNamed, openPerson, saved, scoreSelf, teller, text } from '../lib/app.mjs';
import { onDevices } from '../lib/chain.mjs';
import { isoMonth, lastMonth, nextMonth, writtenDay } from '../lib/days.mjs';
import { office } from '../lib/office.mjs';
import { pictures } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { congtam, decideFromFirstDay } from '../lib/server.mjs';
import { xlsx } from '../lib/xlsx.mjs';

const LATE_WORK = 'Tổng kết đợt cuối tháng';
const REASON = 'Quá tỷ lệ theo biên bản họp';
const NUMBER = '45/QĐ-UBND';
const AUTHORITY = 'Chủ tịch UBND tỉnh';

/** Ends the post of the head of the province: nobody in the system stands above the chairman any more. */
function withoutProvince({ data, people }) {
  const until = lastMonth().day.split('-').reverse().join('/');
  const list = join(folder('list'), 'thoi-giu-chuc.xlsx');
  const headings = ['Họ và tên', 'Đơn vị', 'Chức vụ', 'Vai trò', 'Từ ngày', 'Đến ngày', 'Tên đăng nhập'];
  const row = [people.lanhdaotinh.name, 'Tỉnh Thử Nghiệm', 'Lãnh đạo tỉnh', 'Trưởng', '01/07/2025', until, 'lanhdaotinh'];
  writeFileSync(list, xlsx([headings, row]));
  congtam(['import', 'people', list, '--data', data]);
}

/** The row of a person in the month's table. */
const rowOf = (place, username) =>
  congtam(['export', 'month', '--data', place.data, '--period', isoMonth()]).split('\n').find((line) => line.startsWith(place.people[username].name));

/** The day `28/MM/YYYY` of this month, after the cut-off. */
const after = () => `28/${isoMonth().slice(5)}/${isoMonth().slice(0, 4)}`;

test('what real offices needed: cut-off, another class, a decision from outside', { timeout: 800_000 }, async (t) => {
  const step = teller(t);
  const place = await office(t);
  const { people } = place;
  decideFromFirstDay(place.data, 'nd335-congchuc', ['--cut-off-day', '27']);
  withoutProvince(place);
  const as = onDevices(t, place);

  await step('work due after the cut-off does not count this month, and one tap carries it to the next', async () => {
    await as('canbo1', async (page) => {
      await goTo(page, 'my-month');
      await addFreeWork(page, 'Trực bão', '1');
      await addFreeWork(page, LATE_WORK, '1');
      const line = lineNamed(page, LATE_WORK);
      await line.locator('summary').click();
      const due = line.locator('[data-testid$="-due"]');
      await due.fill(after());
      await due.blur();
      await saved(page);
      await byId(page, 'after-cut-off').waitFor();
      assert.match(await text(byId(page, 'after-cut-off')), /1 việc sau ngày chốt 27\/.*không mất/);
      assert.match(await text(line), new RegExp(`Tính vào ${nextMonth().name.toLowerCase()}`));
      await pictures(page, 'cut-off');
      await scoreSelf(page);
      await goTo(page, 'my-month');
      await byId(page, 'period-next').click();
      assert.match(await text(byId(page, 'carry-lines')), new RegExp(LATE_WORK));
      await pictures(page, 'carry');
      await byId(page, 'carry').click();
      await lineNamed(page, LATE_WORK).waitFor();
      assert.match(await text(lineNamed(page, LATE_WORK)), /Chuyển từ tháng/);
      await saved(page);
      await byId(page, 'period-previous').click();
    });
  });

  await step('the head scores; the chairman decides otherwise, with a reason, and no mark is bent', async () => {
    await as('truong1', async (page) => {
      await openPerson(page, people.canbo1.name);
      await confirmOwnWork(page);
      await page.locator('[data-testid="accept-all"]:enabled, [data-testid="submit-appraisal"]:enabled').first().click();
      await saved(page);
    });
    await as('chutich', async (page) => {
      await goTo(page, 'approve');
      const row = page.locator('article', { hasText: people.canbo1.name });
      await row.locator('[data-testid^="set-"]').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByTestId('confirm').click();
      assert.match(await text(dialog), /vẫn như đã tính/, 'nothing was set');
      await dialog.getByTestId('set-class').selectOption('HTNV');
      await dialog.getByTestId('confirm').click();
      assert.match(await text(dialog), /lý do/i, 'a reason is asked for');
      await dialog.getByTestId('set-reason').fill(REASON);
      await pictures(page, 'decide-otherwise', dialog);
      await dialog.getByTestId('confirm').click();
      await row.getByTestId('decided-notes').waitFor();
      assert.match(await text(row.getByTestId('decided-notes')), new RegExp(`Điểm tính: .*${REASON}`));
      await row.locator('[data-testid^="publish-"]').click();
      await saved(page);
      await pictures(page, 'decided-otherwise');
    });
  });

  await step('the official reads both results with the reason', async () => {
    await as('canbo1', async (page) => {
      await goTo(page, 'self-score');
      assert.match(await text(byId(page, 'decided-class')), /Hoàn thành nhiệm vụ/);
      assert.match(await text(byId(page, 'decided-note')), new RegExp(REASON));
      await pictures(page, 'own-decided-otherwise', byId(page, 'decided'));
    });
    assert.match(rowOf(place, 'canbo1'), new RegExp(`HTNV;.*${REASON}`));
  });

  await step('personnel enters what the province decided on the chairman', async () => {
    await as('nhansu', async (page) => {
      await goTo(page, 'approve');
      const row = page.locator('article', { hasText: people.chutich.name });
      await row.locator('[data-testid^="enter-"]').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByTestId('document-authority').fill(AUTHORITY);
      await dialog.getByTestId('document-day').fill(writtenDay());
      await dialog.getByTestId('confirm').click();
      assert.match(await text(dialog), /Ghi số văn bản/, 'a document has a number');
      await dialog.getByTestId('document-number').fill(NUMBER);
      await dialog.getByTestId('confirm').click();
      assert.match(await text(dialog), /Chọn mức/, 'and says a class');
      await dialog.getByTestId('set-class').selectOption('HTT');
      await dialog.getByTestId('set-total').fill('88,5');
      await pictures(page, 'enter-document', dialog);
      await dialog.getByTestId('confirm').click();
      assert.match(await text(row.getByTestId('decided-notes')), new RegExp(`${NUMBER}.*${AUTHORITY}`));
      await row.locator('[data-testid^="publish-"]').click();
      await saved(page);
      await goTo(page, 'unit-month');
      const table = page.locator(`[data-testid^="row-"]`, { hasText: people.chutich.name }).first();
      assert.match(await text(table), new RegExp(`88,5.*${NUMBER}`, 's'));
      await pictures(page, 'unit-outside');
    });
  });

  await step('the chairman reads by which document; the way marks, the table and the file say it', async () => {
    await as('chutich', async (page) => {
      await goTo(page, 'self-score');
      assert.match(await text(byId(page, 'decided-note')), new RegExp(NUMBER));
      await pictures(page, 'own-outside');
      await goTo(page, 'my-month');
      await byId(page, 'steps').locator('summary').click();
      const words = await text(byId(page, 'steps').locator('ol'));
      assert.match(words, new RegExp(`Theo ${NUMBER}, ngày ${writtenDay()}, ${AUTHORITY}. ${people.nhansu.name}`));
      assert.match(words, /Không nhập riêng/);
      await pictures(page, 'steps-outside');
    });
    assert.match(rowOf(place, 'chutich'), new RegExp(`88,5;HTT;.*${NUMBER}`));
    const cards = congtam(['export', 'cards', '--data', place.data, '--period', isoMonth()]).trim().split('\n').map(JSON.parse);
    const chair = cards.find((card) => card.name === people.chutich.name);
    assert.match(chair.outside.approve, new RegExp(NUMBER));
  });
});
