// Test: a server of another version. The screen says so in words, the work stays on the device, and it arrives once
// both speak the same version. server/tests/office/matrix.rs tests this message by message.

import assert from 'node:assert/strict';
import test from 'node:test';
import { byId, goTo, reload, synced, text } from '../lib/app.mjs';
import { begin } from '../lib/work.mjs';

const WAIT_MS = 30_000;
const REFUSAL = { error: { code: 'invalid', field: 'protocol', found: '1', allowed: '2' } };
/** The offset of the value of a map's first field, the protocol, at number 0. */
const PROTOCOL_AT = 2;

const ways = {
  'refuses the request': (route) =>
    route.fulfill({ status: 400, contentType: 'application/json', headers: { congtam: '1' }, body: JSON.stringify(REFUSAL) }),
  'answers in another version': async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    assert.deepEqual([...body.subarray(1, PROTOCOL_AT + 1)], [0, 1], 'the answer begins with its protocol');
    body[PROTOCOL_AT] = 2;
    await route.fulfill({ response, body });
  },
};

test('an office of another version is told in words, and nothing is lost', async (t) => {
  const work = await begin(t);
  for (const [way, answer] of Object.entries(ways)) {
    await t.test(way, async () => {
      await work.device.context.route('**/v1/sync', answer);
      await work.step();
      await goTo(work.page, 'sync');
      await byId(work.page, 'sync-now').click();
      await work.page.locator('[data-testid="link-state"][data-state="other-version"]').waitFor({ timeout: WAIT_MS });
      assert.match(await text(byId(work.page, 'sync-state')), /Máy chủ dùng bản khác/);
      assert.match(await text(work.page.locator('main')), /Mọi việc vẫn lưu trên máy; tải lại trang để lấy bản mới/);
      assert.notEqual(await byId(work.page, 'only-here').getAttribute('data-count'), '0');
      await work.step();
      await reload(work.page);
      await work.holds('opened again');
      await work.device.context.unroute('**/v1/sync');
      await synced(work.page);
      await work.holds('after both spoke the same again');
    });
  }
  await work.arrivedElsewhere(t);
});
