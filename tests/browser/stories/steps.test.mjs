// Test: a card shows its steps, who is next and why that person; every regulation shows its own.

import assert from 'node:assert/strict';
import test from 'node:test';
import { byId, goTo, openPerson, signIn, signOut, synced, teller, text } from '../lib/app.mjs';
import { office, opened } from '../lib/office.mjs';

const STEPS = ['assign', 'report', 'self_score', 'appraise', 'approve', 'publish'];

/** Work is assigned, the person reports and scores. From the day of decisions on the head need not wait for that. */
const UNDER_WAY = /^doo[ow]ww$/;

/** How far each step is: the first letters of done, open, waiting. */
const statuses = async (page) => {
  await byId(page, 'steps').waitFor();
  const all = await Promise.all(STEPS.map((id) => byId(page, `step-${id}`).getAttribute('data-status')));
  return all.map((status) => status[0]).join('');
};

async function opening(page) {
  await byId(page, 'steps').locator('summary').click();
  return text(byId(page, 'steps').locator('ol'));
}

test('a card shows its steps, and a regulation its own', { timeout: 240_000 }, async (t) => {
  const step = teller(t);
  const place = await office(t);
  const { page } = await opened(t, place.url, 'canbo1');

  await step('the official sees on both screens what is done and who comes next, and why', async () => {
    for (const screen of ['my-month', 'self-score']) {
      await goTo(page, screen);
      assert.match(await statuses(page), UNDER_WAY, screen);
    }
    const words = await opening(page);
    assert.match(words, /Đặng Mô Phỏng, Chánh Văn phòng \(vì là người đứng đầu của đơn vị\)\.\s+khoản 1 Điều 10/);
    assert.match(words, /Lê Giả Định, Chủ tịch UBND xã \(vì là người đứng đầu của cơ quan\)/);
  });

  await step('of a month that is published every step is done, with name and day', async () => {
    await goTo(page, 'my-month');
    await byId(page, 'period-previous').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-status="done"].step').length === 6);
    assert.equal(await statuses(page), 'dddddd');
    assert.match(await opening(page), /Xong: Đặng Mô Phỏng, Chánh Văn phòng, \d{2}\/\d{2}\/\d{4}\./);
    await byId(page, 'period-next').click();
  });

  await step('a regulation with other steps shows them', async () => {
    await goTo(page, 'rules');
    await byId(page, 'pack-quanba-monthly').click();
    await page.locator('summary', { hasText: 'Các bước' }).click();
    const list = await text(page.locator('details[open]', { hasText: 'Các bước' }));
    assert.match(list, /Bí thư Đảng ủy đánh giá\s+Bí thư Đảng ủy xã, thị trấn của đơn vị; nếu không có: /);
    assert.match(list, /Thường trực Huyện ủy đánh giá\s+Thành viên Thường trực Huyện ủy\. Chỉ cho: Bí thư Đảng ủy xã, thị trấn\./);
  });

  await step('the head sees the steps of each person', async () => {
    await signOut(page);
    await signIn(page, 'truong1');
    await synced(page);
    await goTo(page, 'to-score');
    await openPerson(page, 'Đỗ Hư Cấu');
    assert.match(await statuses(page), UNDER_WAY);
  });
});
