// Test: an office whose text asks for an opinion and a vote before the result, and lets people object to it. Each act without
// a network; the objection is upheld, and both results stay.

import assert from 'node:assert/strict';
import test from 'node:test';
import { byId, goTo, markOne, openPerson, saved, scoreSelf, teller, text } from '../lib/app.mjs';
import { onDevices } from '../lib/chain.mjs';
import { isoMonth } from '../lib/days.mjs';
import { office } from '../lib/office.mjs';
import { pictures } from '../lib/page.mjs';
import { decideFromFirstDay } from '../lib/server.mjs';
import { voicedPack } from '../lib/voiced.mjs';

const subject = 'lb-canbo11';

async function withAll(page, what) {
  await goTo(page, 'approve');
  await byId(page, what).click();
  await byId(page, 'confirm').click();
  await page.locator('[data-testid="ready-count"][data-busy="false"]').waitFor();
  await saved(page);
}

/** Gives grounds in the dialog that is open, and sends them. */
async function giveGrounds(page, words) {
  const dialog = page.locator('dialog[open]');
  await dialog.getByTestId('reason').fill(words);
  await dialog.getByTestId('confirm').click();
  await saved(page);
}

/** The cards of Sông Ảo on which somebody is asked to say something. */
async function asked(page) {
  await goTo(page, 'to-score');
  const list = byId(page, 'to-say');
  await list.waitFor();
  return list;
}

test('opinion, vote, notice, objection, answer: what is said on a card', { timeout: 600_000 }, async (t) => {
  const step = teller(t);
  const place = await office(t, 'longbien');
  const pack = voicedPack(place.data);
  const unit = ['--unit', 'UBND quận Sông Ảo'];
  decideFromFirstDay(place.data, pack, [...unit, '--from', `${isoMonth()}-01`]);
  const name = (username) => place.people[username].name;
  const as = onDevices(t, place);

  const scored = async (value, reason) => {
    await as('lb-bophan1', async (page) => {
      await openPerson(page, name(subject));
      await byId(page, 'accept-all').click();
      await saved(page);
      await goTo(page, 'to-score');
      await (await asked(page)).getByTestId('say-for').click();
      await saved(page);
    });
    await as('lb-phophong1', async (page) => {
      const list = await asked(page);
      await list.getByTestId('say-opinion').click();
      await page.locator('dialog[open]').getByTestId('confirm').click();
      assert.match(await text(page.locator('dialog[open]')), /Cần ghi lý do/, 'an opinion has words');
      await giveGrounds(page, 'Hoàn thành tốt, đề nghị theo đề xuất của bộ phận');
      await list.getByTestId('say-against').click();
      await saved(page);
    });
    await as('lb-truongphong', async (page) => {
      await goTo(page, 'to-score');
      await openPerson(page, name(subject));
      const heard = byId(page, 'heard');
      await heard.waitFor();
      await byId(page, 'heard-opine').locator('summary').click();
      await byId(page, 'heard-meeting').locator('summary').click();
      const words = await text(heard);
      for (const part of ['Hoàn thành tốt, đề nghị theo đề xuất', name('lb-phophong1'), 'Đồng ý: 1', 'Không đồng ý: 1', name('lb-phophong2')]) {
        assert.ok(words.includes(part), `${part}: ${words}`);
      }
      if (reason) await markOne(page, '3', value, reason);
      else await byId(page, 'accept-all').click();
      await saved(page);
      await withAll(page, 'approve-all');
    });
    await as('lb-nhansu', async (page) => withAll(page, 'publish-all'));
  };

  await step('the person scores, the section confirms, a deputy gives an opinion, the meeting votes, one is away', async () => {
    await as(subject, async (page) => {
      await scoreSelf(page);
    });
    await scored('5', 'Không có sáng kiến trong tháng');
  });

  await step('the person reads until when to object, acknowledges, and objects without a network', async () => {
    await as(subject, async (page) => {
      await goTo(page, 'self-score');
      const card = byId(page, 'objection');
      await card.waitFor();
      assert.match(await text(card), /Kiến nghị đến hết ngày \d\d\/\d\d\/\d{4}/);
      await byId(page, 'acknowledge').click();
      await saved(page);
      await byId(page, 'acknowledge').waitFor({ state: 'detached' });
      await pictures(page, 'voices-window', card);
      await byId(page, 'object').click();
      await page.locator('dialog[open]').getByTestId('confirm').click();
      assert.match(await text(page.locator('dialog[open]')), /Cần ghi lý do/, 'an objection has grounds');
      await giveGrounds(page, 'Có sáng kiến số 12/SK đã được công nhận');
      assert.match(await text(card), /Đang chờ trả lời, hạn \d\d\/\d\d\/\d{4}/);
      assert.ok((await text(card)).includes('sáng kiến số 12/SK'));
      await byId(page, 'heard-meeting').locator('summary').click();
      assert.ok(!(await text(byId(page, 'heard'))).includes(name('lb-phophong1')), 'the person learns no names of who said what');
    });
  });

  await step('whoever answers finds it with its clock, gives grounds, and the card is done anew', async () => {
    await as('lb-truongphong', async (page) => {
      const list = await asked(page);
      assert.match(await text(list.getByTestId('clock')), /còn \d+ ngày làm việc/);
      assert.ok((await text(list)).includes('sáng kiến số 12/SK'));
      await pictures(page, 'voices-answer', list);
      await list.getByTestId('say-upheld').click();
      await giveGrounds(page, 'Đã kiểm tra: sáng kiến được công nhận ngày 10');
      await list.waitFor({ state: 'detached' });
    });
    await as(subject, async (page) => {
      await goTo(page, 'self-score');
      assert.match(await text(byId(page, 'earlier')), /95/, 'the old result stays while there is no new one');
    });
    await as('lb-truongphong', async (page) => {
      await openPerson(page, name(subject));
      await pictures(page, 'voices-anew', byId(page, 'steps'));
      // The marks of before are still entered; the one that was wrong is set right.
      await byId(page, 'mark-3').fill('10');
      await byId(page, 'mark-3').blur();
      await saved(page);
      await byId(page, 'accept-all').click();
      await saved(page);
      await withAll(page, 'approve-all');
    });
    await as('lb-nhansu', async (page) => withAll(page, 'publish-all'));
  });

  await step('the person reads both results, with objection and answer', async () => {
    await as(subject, async (page) => {
      await goTo(page, 'self-score');
      assert.match(await text(byId(page, 'decided')), /100/);
      const earlier = await text(byId(page, 'earlier'));
      for (const part of ['95', 'sáng kiến số 12/SK', 'Đã kiểm tra: sáng kiến được công nhận ngày 10', name('lb-truongphong')]) {
        assert.ok(earlier.includes(part), `${part}: ${earlier}`);
      }
      assert.match(await text(byId(page, 'objection')), /Kiến nghị đến hết ngày/, 'the new one may be objected to as well');
      await pictures(page, 'voices-both', byId(page, 'objection'));
    });
  });
});
