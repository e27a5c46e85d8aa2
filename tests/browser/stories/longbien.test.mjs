// Test: an office of the kind of Long Biên lives its month: three scorers one after the other, each without a network.

import assert from 'node:assert/strict';
import test from 'node:test';
import { byId, goTo, markOne, openPerson, reload, saved, scoreSelf, teller, text } from '../lib/app.mjs';
import { onDevices } from '../lib/chain.mjs';
import { isoMonth } from '../lib/days.mjs';
import { office } from '../lib/office.mjs';
import { congtam, decideFromFirstDay } from '../lib/server.mjs';

const STEPS = ['self_score', 'appraise', 'appraise_head', 'publish'];
const statuses = async (page) => {
  await byId(page, 'steps').waitFor();
  const all = await Promise.all(STEPS.map((id) => byId(page, `step-${id}`).getAttribute('data-status')));
  return all.map((status) => status[0]).join('');
};

async function decideAll(page) {
  await goTo(page, 'approve');
  await byId(page, 'approve-all').click();
  await byId(page, 'confirm').click();
  await page.locator('[data-testid="ready-count"][data-busy="false"]').waitFor();
  await saved(page);
}

test('Long Biên: section head or deputy, then the head of the room, then the notice', { timeout: 400_000 }, async (t) => {
  const step = teller(t);
  const place = await office(t, 'longbien');
  decideFromFirstDay(place.data, 'longbien-mau', ['--unit', 'UBND quận Sông Ảo']);
  const name = (username) => place.people[username].name;
  const as = onDevices(t, place);

  await step('two of the staff and a vice-chair score themselves', async () => {
    for (const username of ['lb-canbo11', 'lb-canbo12', 'lb-phochutich1']) {
      await as(username, async (page) => {
        const { total } = await scoreSelf(page);
        assert.match(total, /100/, username);
      });
    }
  });

  await step('the head of the section scores one, a deputy of the room the other', async () => {
    await as('lb-bophan1', async (page) => {
      await openPerson(page, name('lb-canbo11'));
      assert.equal(await statuses(page), 'doww', 'scored by the person, open for the section');
      await markOne(page, '2', '65', 'Hai việc chậm hạn');
      assert.equal(await statuses(page), 'ddow', 'now the head of the room is next');
    });
    await as('lb-phophong1', async (page) => {
      await openPerson(page, name('lb-canbo12'));
      await byId(page, 'accept-all').click();
      await saved(page);
    });
  });

  await step('the person does not learn the marks before the notice', async () => {
    await as('lb-canbo11', async (page) => {
      await goTo(page, 'self-score');
      assert.match(await text(byId(page, 'step-appraise')), /Xong/);
      assert.equal(await page.getByText('Hai việc chậm hạn').count(), 0);
    });
  });

  await step('the head of the room starts from those marks, and signs what follows', async () => {
    await as('lb-truongphong', async (page) => {
      await openPerson(page, name('lb-canbo11'));
      assert.match(await text(byId(page, 'scored-before')), new RegExp(`${name('lb-bophan1')}, Trưởng bộ phận`));
      assert.match(await text(page.locator('main')), /Người trước chấm 65 trên 70/, 'not called the self-score');
      await goTo(page, 'approve');
      assert.ok(await byId(page, 'approve-all').isDisabled(), 'nothing to sign before the last marks');
      assert.match(await text(page.locator('main')), /Đang chấm tiếp/);
      await openPerson(page, name('lb-canbo11'));
      await markOne(page, '3', '5', 'Không có sáng kiến trong tháng');
      await reload(page);
      await openPerson(page, name('lb-canbo12'));
      await byId(page, 'accept-all').click();
      await saved(page);
      await decideAll(page);
    });
    await as('lb-chutich', async (page) => {
      await openPerson(page, name('lb-phochutich1'));
      await byId(page, 'accept-all').click();
      await saved(page);
      await decideAll(page);
    });
  });

  await step('the result is made known, and the person sees who gave which mark', async () => {
    await as('lb-nhansu', async (page) => {
      await goTo(page, 'approve');
      await byId(page, 'publish-all').click();
      await byId(page, 'confirm').click();
      await page.locator('[data-testid="ready-count"][data-busy="false"]').waitFor();
      await saved(page);
    });
    await as('lb-canbo11', async (page) => {
      await goTo(page, 'my-month');
      assert.equal(await statuses(page), 'dddd');
      await goTo(page, 'self-score');
      assert.match(await text(page.locator('main')), /90/, '20 + 65 + 5');
    });
    const table = congtam(['export', 'month', '--data', place.data, '--period', isoMonth(), '--unit', 'Phòng Kinh tế quận Sông Ảo']);
    const row = table.split('\n').find((line) => line.startsWith(name('lb-canbo11')));
    assert.match(row, /;90;/, row);
  });
});
