// Test: units are scored as well as people, as in Phú Thọ: the heads of an office of culture and of a media centre score for
// their units without a network, the department marks, its director decides, and the decision is sent.

import assert from 'node:assert/strict';
import test from 'node:test';
import { byId, goFar, goTo, idsOf, markOne, openPerson, saved, scoreSelf, teller, text } from '../lib/app.mjs';
import { onDevices } from '../lib/chain.mjs';
import { isoMonth } from '../lib/days.mjs';
import { office } from '../lib/office.mjs';
import { axe, pictures } from '../lib/page.mjs';
import { congtam, decideFromFirstDay } from '../lib/server.mjs';

const WAIT_MS = 30_000;
const DEPARTMENT = 'Sở Thông tin và Truyền thông (giả định)';
const ABOVE = 'UBND vùng Đồi Ảo';
const CULTURE = 'Phòng Văn hóa và Thông tin vùng Đồi Ảo';
const CENTRE = 'Trung tâm Văn hóa, Thể thao, Du lịch và Truyền thông vùng Đồi Ảo';
/** The unit of each head. */
const HEADS = { 'pt-vanhoa1': CULTURE, 'pt-trungtam1': CENTRE };
const PERSON = 'pt-canbo21';

/** Lets the director decide from the first day of the month, as the adoptions of the demo say otherwise. */
function decideEarly(data) {
  const both = ['--from', '2026-01-01', '--span', 'month', '--span', 'year'];
  const bound = ['department_director', 'department_scorer'].flatMap((position) => ['--bind', `${position}=${DEPARTMENT}`]);
  decideFromFirstDay(data, 'phutho-mau', ['--unit', DEPARTMENT, '--role', 'staff', ...both]);
  const units = ['--role', 'unit_culture_office', '--role', 'unit_media_centre'];
  decideFromFirstDay(data, 'phutho-mau', ['--unit', ABOVE, ...units, ...bound, ...both]);
}

/** Decides on, or makes known, everything that is ready. */
async function all(page, button) {
  await goTo(page, 'approve');
  await byId(page, button).click();
  await byId(page, 'confirm').click();
  await page.locator('[data-testid="ready-count"][data-busy="false"]').waitFor();
  await saved(page);
}

test('Phú Thọ: units are scored as well as people', { timeout: 600_000 }, async (t) => {
  const step = teller(t);
  const place = await office(t, 'phutho-tttt');
  decideEarly(place.data);
  const name = (username) => place.people[username].name;
  const as = onDevices(t, place);

  await step('a person of the department scores, and sees no choice of cards', async () => {
    await as(PERSON, async (page) => {
      const { total } = await scoreSelf(page);
      assert.equal(total, '100');
      assert.equal(await byId(page, 'card-choice').count(), 0);
    });
  });

  await step('each head opens the card of the unit and scores for it, with its bonus', async () => {
    await as('pt-vanhoa1', async (page) => {
      await goTo(page, 'my-month');
      await byId(page, 'card-choice').waitFor({ timeout: WAIT_MS });
      const [card] = await idsOf(page, '[data-testid^="card-of-unit-"]');
      await byId(page, card).click();
      assert.equal(await byId(page, card).getAttribute('aria-pressed'), 'true');
      assert.equal(await text(byId(page, card)), CULTURE);
      await pictures(page, 'phutho-month');
      const { total } = await scoreSelf(page, { 'VHTT.4.2': '2', 'VHTT.4.3': '0' });
      assert.equal(total, '96');
      await pictures(page, 'phutho-self');
      await axe(page, 'the self-score of a unit');
      await byId(page, 'steps').locator('summary').click();
      const words = await text(byId(page, 'steps'));
      assert.ok(words.includes(name('pt-danhgia')) && words.includes(name('pt-giamdoc')), words);
      await pictures(page, 'phutho-steps', byId(page, 'steps'));
    });
    await as('pt-trungtam1', async (page) => {
      const { total } = await scoreSelf(page, { 'TT.1': '80', 'TT.2': '5' });
      assert.equal(total, '85');
      assert.match(await text(byId(page, 'card-choice')), new RegExp(CENTRE));
      assert.equal(await page.getByText('Phiếu của đồng chí').count(), 0);
    });
  });

  await step('the department\'s scorer marks both units, each in the queue under its name', async () => {
    await as('pt-danhgia', async (page) => {
      await goTo(page, 'to-score');
      await pictures(page, 'phutho-queue');
      await openPerson(page, CULTURE);
      assert.match(await text(page.locator('main')), new RegExp(`Đơn vị, người đứng đầu: ${name('pt-vanhoa1')}`));
      await pictures(page, 'phutho-mark');
      await axe(page, 'the score of a unit');
      await markOne(page, 'VHTT.2', '45', 'Hai lĩnh vực chậm so với kế hoạch');
      await openPerson(page, CENTRE);
      await byId(page, 'accept-all').click();
      await saved(page);
      const listed = await text(page.locator('nav ul.people'));
      assert.ok(!listed.includes(name(PERSON)), 'people are scored by the heads of their rooms');
    });
    await as('pt-truongphong', async (page) => {
      await openPerson(page, name(PERSON));
      await byId(page, 'accept-all').click();
      await saved(page);
      assert.ok(!(await text(page.locator('nav ul.people'))).includes(CULTURE), 'the room does not score units');
    });
  });

  await step('the director decides on the person and on the units', async () => {
    await as('pt-giamdoc', async (page) => {
      await goTo(page, 'approve');
      await pictures(page, 'phutho-approve');
      await axe(page, 'the decisions');
      const main = await text(page.locator('main'));
      for (const one of [CULTURE, CENTRE, name(PERSON)]) assert.ok(main.includes(one), `${one}: ${main}`);
      await all(page, 'approve-all');
    });
  });

  await step('the scorer sends the decisions on the units', async () => {
    await as('pt-danhgia', async (page) => {
      await all(page, 'publish-all');
      await pictures(page, 'phutho-sent');
    });
  });

  await step('the heads read the results of their units; the month has the unit in a row, and leads to its year', async () => {
    for (const [head, total, reckoned] of [['pt-vanhoa1', '91', '45'], ['pt-trungtam1', '85', '80']]) {
      await as(head, async (page) => {
        await goTo(page, 'self-score');
        const words = await text(page.locator('main'));
        assert.ok(words.includes(total) && words.includes(reckoned), words);
        await pictures(page, `phutho-result-${head}`);
        await goTo(page, 'unit-month');
        const row = page.locator('[data-testid^="row-unit-"]').filter({ hasText: HEADS[head] });
        assert.match(await text(row), new RegExp(`Đơn vị[\\s\\S]*${total}`));
        await pictures(page, `phutho-unit-${head}`);
        await axe(page, 'the month of the unit');
        // From the row, and by the rail: there is no year of the head's own.
        await (head === 'pt-vanhoa1' ? row.getByRole('link').first().click() : goFar(page, 'year'));
        await byId(page, 'year-table').waitFor();
        assert.match(await text(page.locator('main h1')), new RegExp(HEADS[head]));
        assert.match(await text(byId(page, `month-${isoMonth()}`)), new RegExp(total));
        await pictures(page, `phutho-year-${head}`);
      });
    }
  });

  await step('whoever is above the unit reads it, and the month as a file has both units', async () => {
    await as('pt-chutich1', async (page) => {
      await goTo(page, 'unit-month');
      const table = await text(byId(page, 'unit-table'));
      for (const unit of [CULTURE, CENTRE]) assert.ok(table.includes(unit), table);
      await pictures(page, 'phutho-above');
    });
    const lines = congtam(['export', 'month', '--data', place.data, '--period', isoMonth(), '--unit', ABOVE]).split('\n');
    for (const [unit, total] of [[CULTURE, '91'], [CENTRE, '85']]) {
      const row = lines.find((line) => line.includes(unit));
      assert.match(row, new RegExp(`\\b${total}\\b`), lines.join('\n'));
    }
  });

  await step('the year of the unit has a card of its own, by the same way', async () => {
    await as('pt-trungtam1', async (page) => {
      await byId(page, 'span').selectOption('year');
      await byId(page, 'period').filter({ hasText: /^Năm/ }).waitFor();
      await scoreSelf(page);
      assert.match(await text(byId(page, 'card-choice')), new RegExp(CENTRE));
    });
    await as('pt-danhgia', async (page) => {
      await byId(page, 'span').selectOption('year');
      await openPerson(page, CENTRE);
      await byId(page, 'accept-all').click();
      await saved(page);
    });
  });
});
