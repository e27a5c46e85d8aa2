// Test: an office of the kind of Quản Bạ lives its month: each row of its table of five scorers, each without a network.

import assert from 'node:assert/strict';
import test from 'node:test';
import { byId, goTo, openPerson, saved, scoreSelf, teller, text } from '../lib/app.mjs';
import { onDevices } from '../lib/chain.mjs';
import { isoMonth } from '../lib/days.mjs';
import { office } from '../lib/office.mjs';
import { congtam, decideFromFirstDay } from '../lib/server.mjs';

/** Who is scored by whom, and why that person: the rows of the table. */
const ROWS = [
  ['qb-chuyenvien', 'qb-truongphong', /người đứng đầu của đơn vị/],
  ['qb-diachinh', 'qb-chutich', /người đứng đầu của cơ quan/],
  ['qb-mattran', 'qb-bithu', /Bí thư Đảng ủy/],
  ['qb-chutich', 'qb-chutichvung', /Chủ tịch UBND/],
  ['qb-bithu', 'qb-thuongtruc2', /thành viên Thường trực/],
];

/** The unit that reports its month. */
const COMMUNE = 'UBND xã Mây Ảo';

/** The report of a unit on the screen of the unit's month. */
const reportOf = (page, unit) => byId(page, 'reporting').locator('article').filter({ hasText: unit });

test('Quản Bạ: everybody is scored by whom the table names', { timeout: 800_000 }, async (t) => {
  const step = teller(t);
  const place = await office(t, 'quanba-monthly');
  const bound = ['--bind', 'party_secretary=Đảng ủy xã Mây Ảo', '--bind', 'district_chair=UBND vùng Đá Ảo'];
  const both = ['--span', 'month', '--span', 'quarter'];
  decideFromFirstDay(place.data, 'quanba-mau', ['--unit', 'UBND vùng Đá Ảo', ...bound, ...both]);
  const name = (username) => place.people[username].name;
  const as = onDevices(t, place);

  await step('one of each row scores himself, and sees who is next and why', async () => {
    for (const [subject, scorer, why] of ROWS) {
      await as(subject, async (page) => {
        await scoreSelf(page);
        await goTo(page, 'my-month');
        await byId(page, 'steps').locator('summary').click();
        const words = await text(byId(page, 'steps').locator('ol'));
        // Of a body its name is told, not who of it will act.
        if (subject !== 'qb-bithu') assert.match(words, new RegExp(name(scorer)), subject);
        assert.match(words, why, subject);
      });
    }
  });

  await step('the person whom the table names scores and signs, nobody else sees the card in the list', async () => {
    for (const [subject, scorer] of ROWS) {
      await as(scorer, async (page) => {
        await openPerson(page, name(subject));
        await byId(page, 'accept-all').click();
        await saved(page);
        const others = ROWS.filter(([, other]) => other !== scorer).map(([other]) => name(other));
        const listed = await text(page.locator('nav ul.people'));
        for (const other of others.filter((other) => other !== name(subject))) assert.ok(!listed.includes(other), `${scorer} does not score ${other}`);
        await goTo(page, 'approve');
        await byId(page, 'approve-all').click();
        await byId(page, 'confirm').click();
        await page.locator('[data-testid="ready-count"][data-busy="false"]').waitFor();
        await saved(page);
      });
    }
  });

  await step('each learns the result, and the month of the unit has it', async () => {
    await as('qb-mattran', async (page) => {
      await goTo(page, 'self-score');
      assert.match(await text(page.locator('main')), /100/);
    });
    const table = congtam(['export', 'month', '--data', place.data, '--period', isoMonth(), '--unit', 'UBND vùng Đá Ảo']);
    for (const [subject] of ROWS) {
      const row = table.split('\n').find((line) => line.startsWith(name(subject)));
      assert.match(row, /100/, row);
    }
  });

  await step('the quarter has a card of its own', async () => {
    await as('qb-chuyenvien', async (page) => {
      await byId(page, 'span').selectOption('quarter');
      await byId(page, 'period').filter({ hasText: /^Quý \d/ }).waitFor();
      await scoreSelf(page);
      await byId(page, 'span').selectOption('month');
      await byId(page, 'period').filter({ hasText: /^Tháng/ }).waitFor();
      assert.match(await text(page.locator('main')), /Đã duyệt/, 'the month stays decided');
    });
    await as('qb-truongphong', async (page) => {
      await byId(page, 'span').selectOption('quarter');
      await openPerson(page, name('qb-chuyenvien'));
      await byId(page, 'accept-all').click();
      await saved(page);
    });
  });

  await step('the commune sums its month up, who is missing is named, and the level above sends it back', async () => {
    await as('qb-nhansu', async (page) => {
      await goTo(page, 'unit-month');
      const report = reportOf(page, COMMUNE);
      assert.match(await text(report), /Chưa báo cáo/);
      await report.getByRole('button', { name: 'Tổng hợp và gửi' }).click();
      const told = await text(byId(page, 'report-missing'));
      assert.match(told, /3 đồng chí chưa có kết quả\..*Đang thực hiện \(3\): /s);
      for (const person of ['qb-phochutich', 'qb-nhansu', 'qb-tuphap']) assert.ok(told.includes(name(person)), `${person}: ${told}`);
      await byId(page, 'confirm').click();
      await saved(page);
      assert.match(await text(report), /Chỉ có trên máy này, chờ gửi/);
      await goTo(page, 'sync');
      assert.match(await text(byId(page, 'reports-here')), /1 báo cáo/);
    });
    await as('qb-nhansuvung', async (page) => {
      await goTo(page, 'unit-month');
      assert.match(await text(byId(page, 'reporting-overview')), /Đã nhận 0\/4 báo cáo, chờ nhận 1/);
      const report = reportOf(page, COMMUNE);
      assert.match(await text(report), /Đã báo cáo, chờ nhận/);
      assert.match(await text(report), new RegExp(`${name('qb-nhansu')} báo cáo lúc`));
      await report.locator('summary').click();
      assert.match(await text(report.locator('table')), new RegExp(`${name('qb-diachinh')}.*100`));
      await report.getByRole('button', { name: 'Trả lại' }).click();
      await byId(page, 'reason').fill('Còn thiếu kết quả của Phó Chủ tịch');
      await byId(page, 'confirm').click();
      await saved(page);
      assert.match(await text(report), /trả lại lúc/);
    });
  });

  await step('the commune reads why, adds what was missing, and its second report is received', async () => {
    await as('qb-phochutich', (page) => scoreSelf(page));
    await as('qb-chutich', async (page) => {
      await openPerson(page, name('qb-phochutich'));
      await byId(page, 'accept-all').click();
      await saved(page);
      await goTo(page, 'approve');
      await byId(page, 'approve-all').click();
      await byId(page, 'confirm').click();
      await saved(page);
    });
    await as('qb-nhansu', async (page) => {
      await goTo(page, 'unit-month');
      const report = reportOf(page, COMMUNE);
      assert.match(await text(report), /Bị trả lại/);
      assert.match(await text(report), /Còn thiếu kết quả của Phó Chủ tịch/);
      await report.getByRole('button', { name: 'Tổng hợp lại' }).click();
      assert.match(await text(byId(page, 'report-missing')), /2 đồng chí chưa có kết quả/);
      await byId(page, 'report-comment').fill('Đã bổ sung Phó Chủ tịch');
      await byId(page, 'confirm').click();
      await saved(page);
    });
    await as('qb-nhansuvung', async (page) => {
      await goTo(page, 'unit-month');
      const report = reportOf(page, COMMUNE);
      assert.match(await text(report), /Đã bổ sung Phó Chủ tịch/);
      await report.getByRole('button', { name: 'Xác nhận đã nhận' }).click();
      await saved(page);
      assert.match(await text(report), /xác nhận đã nhận lúc/);
      assert.match(await text(byId(page, 'reporting-overview')), /Đã nhận 1\/4/);
    });
    await as('qb-nhansu', async (page) => {
      await goTo(page, 'unit-month');
      assert.match(await text(reportOf(page, COMMUNE)), /Cấp trên đã nhận/);
    });
    await as('qb-diachinh', async (page) => {
      assert.equal(await byId(page, 'reporting').count(), 0, 'who reports nothing sees no reports');
    });
  });
});
