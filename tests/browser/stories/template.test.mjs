// Test: a commune completes the template of Long Biên without a network, issues and adopts it for the next month; the tablet
// dies between sending the pack and the decision; another tablet receives both and scores by it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { PASSWORD, byId, enterAs, goFar, goTo, idsOf, openAndSignIn, openPerson, readResult, reload, saved, synced, teller, text } from '../lib/app.mjs';
import { nextMonth, writtenDay } from '../lib/days.mjs';
import { Link } from '../lib/link.mjs';
import { office, opened } from '../lib/office.mjs';
import { axe, keptForOffline, openApp, pictures } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { stopServer } from '../lib/server.mjs';
import { closeTablet, killTablet, tablet } from '../lib/tablet.mjs';

/** What the text of the commune says where the template is silent; every clause is "Điều 4". */
const TEXT = {
  'gap-instrument': '05/2026/QĐ-UBND',
  'gap-scale_max': '100',
  'gap-groups[0].criteria[0].max': '25',
  'gap-groups[1].criteria[0].max': '65',
  'gap-groups[2].criteria[0].max': '10',
  'gap-classes[0].code': 'A',
  'gap-classes[0].title': 'Hoàn thành xuất sắc',
  'gap-classes[0].min': '80',
  'gap-classes[1].code': 'B',
  'gap-classes[1].title': 'Hoàn thành',
  'gap-classes[1].min': '40',
  'gap-classes[2].code': 'C',
  'gap-classes[2].title': 'Chưa hoàn thành',
};
const NEXT = nextMonth();
const MONTH = NEXT.name.toLowerCase();
const UNIT = 'UBND quận Sông Ảo';
const DECISION = '12/QĐ-UBND';

async function enter(page, id, words) {
  await byId(page, id).fill(words);
  await byId(page, id).blur();
}

const openTemplate = async (page) => {
  await goFar(page, 'rules');
  // Until all regulations are here, the issued one has the name to itself.
  await byId(page, 'pack-hatinh-1000').waitFor();
  await byId(page, 'pack-longbien').click();
  await byId(page, 'gaps').waitFor();
};

/** Enters everything that the screen asks for. */
async function complete(page) {
  await byId(page, 'gap-classes').selectOption('3');
  for (const id of await idsOf(page, '[data-testid^="keep-"]')) await byId(page, id).click();
  for (const id of await idsOf(page, '[data-testid="gaps"] input')) {
    if (await byId(page, id).inputValue()) continue;
    await enter(page, id, TEXT[id] ?? 'Điều 4');
  }
}

/** The next month has come, by the clock of this tablet. The server's stays, so what is done then stays here. */
async function liveInNextMonth(page, day) {
  await page.clock.setFixedTime(NEXT.morning(day));
  await reload(page);
  const shown = byId(page, 'period');
  if (!(await text(shown)).includes(NEXT.name)) await byId(page, 'period-next').click();
  await shown.filter({ hasText: NEXT.name }).waitFor();
}

/** Where Chromium had no time to write down its session, the server asks for the password once more. */
async function signInToSend(page) {
  const asked = byId(page, 'sign-in-to-send').first();
  await asked.or(page.locator('[data-testid="link-state"][data-state="in-touch"]')).first().waitFor();
  if (!(await asked.isVisible())) return;
  await asked.click();
  await byId(page, 'send-password').fill(PASSWORD);
  await byId(page, 'send-sign-in').click();
}

/** The form of the next month is that of the commune's own text. */
async function scoreNextMonth(page) {
  await liveInNextMonth(page, 3);
  await goTo(page, 'self-score');
  for (const [code, mark] of [['1', '20'], ['2', '60'], ['3', '5']]) await enter(page, `mark-${code}`, mark);
  await saved(page);
  const result = await readResult(page);
  assert.deepEqual([result.total, result.class], ['85', 'Hoàn thành xuất sắc']);
  await enter(page, 'mark-1', '26');
  assert.match(await text(page.locator('main')), /25/, 'more than the text gives is refused');
  await enter(page, 'mark-1', '20');
  await saved(page);
}

test('a template is completed, issued and adopted without a network, and scored by on another tablet', { timeout: 400_000 }, async (t) => {
  const step = teller(t);
  const place = await office(t, 'longbien');
  const link = new Link();
  await link.listen(t);
  link.officePort = place.server.port;
  const profile = folder('officer');
  let device = await tablet(profile);
  t.after(() => closeTablet(device).catch(() => {}));
  await openAndSignIn(device.page, link.url, 'lb-nhansu');
  await keptForOffline(device.page);
  await synced(device.page);
  await goFar(device.page, 'rules');
  await byId(device.page, 'pack-longbien').waitFor();
  await stopServer(place.server);

  await step('the officer enters what the template lacks, part by part, and can leave in between', async () => {
    const { page } = device;
    await openTemplate(page);
    assert.equal(await byId(page, 'issue').count(), 0);
    await enter(page, 'gap-scale_max', 'một trăm');
    assert.match(await text(byId(page, 'gaps')), /Đang là “một trăm”/);
    await enter(page, 'gap-scale_max', '100');
    await pictures(page, 'template-gaps', byId(page, 'gaps'));
    await goTo(page, 'my-month');
    await openTemplate(page);
    assert.equal(await byId(page, 'gap-scale_max').inputValue(), '100');
    await complete(page);
    await byId(page, 'pack-whole').waitFor();
    await enter(page, 'gap-classes[1].min', '90');
    assert.equal(await byId(page, 'issue').count(), 0, 'a class that nobody can reach is found, and nothing is issued');
    assert.match(await text(byId(page, 'gaps')), /Kiểm tra: còn 1 chỗ/);
    await enter(page, 'gap-classes[1].min', '40');
    await axe(page, 'a completed template');
  });

  await step('before issuing, the officer sees what will change', async () => {
    const { page } = device;
    await byId(page, 'issue').click();
    const changes = byId(page, 'issue-changes');
    assert.match(await text(changes), new RegExp(`Từ ${MONTH}: \\d+ người của ${UNIT}`));
    assert.match(await text(changes), new RegExp(`Các kỳ trước ${MONTH} giữ nguyên`));
    assert.match(await text(changes), new RegExp(place.people['lb-truongphong'].name), 'the text scores no head of a room');
    assert.match(await text(page.locator('dialog[open]')), /Thay cho “.*bản mẫu/);
    await byId(page, 'confirm').click();
    assert.match(await text(page.locator('dialog[open]')), /Ghi số quyết định/);
    await byId(page, 'issue-number').fill(DECISION);
    await byId(page, 'issue-day').fill(writtenDay());
    await byId(page, 'issue-from').selectOption({ index: 0 });
    await byId(page, 'confirm').click();
    await byId(page, 'issue-refused').filter({ hasText: /kỳ chưa bắt đầu/ }).waitFor();
    await byId(page, 'issue-from').selectOption({ index: 1 });
    await pictures(page, 'template-issue', byId(page, 'issue-changes'));
    await axe(page, 'issuing a pack');
  });

  await step('issued: it waits here, and this tablet scores the next month by it at once', async () => {
    const { page } = device;
    await byId(page, 'confirm').click();
    await byId(page, 'issued').filter({ hasText: /Đã ký và ban hành/ }).waitFor();
    await byId(page, 'lived').filter({ hasText: /Chỉ có trên máy này, chờ gửi/ }).waitFor();
    assert.match(await text(byId(page, 'lived')), new RegExp(`${UNIT}[^]*${DECISION}`));
    await saved(page);
    await pictures(page, 'template-issued', byId(page, 'lived'));
    await goTo(page, 'sync');
    assert.match(await text(byId(page, 'decisions-here')), /1 quyết định/, 'it takes the place of the old rules by itself');
    await scoreNextMonth(page);
  });

  await step('the tablet dies after the pack was sent and before the decision was', async () => {
    link.swallows = /^POST \/v1\/sync/;
    await place.again();
    link.officePort = place.server.port;
    await goTo(device.page, 'sync');
    while (link.swallowed === 0) {
      await byId(device.page, 'sync-now').click();
      await device.page.waitForTimeout(250);
    }
    assert.match(place.server.log(), /blob kept/, 'the pack is there first');
    await killTablet(device);
    link.swallows = null;
    device = await tablet(profile);
    await openApp(device.page, link.url);
    await enterAs(device.page, 'lb-nhansu');
    await signInToSend(device.page);
    await synced(device.page);
    await byId(device.page, 'decisions-here').waitFor({ state: 'detached' });
    await openTemplate(device.page);
    await byId(device.page, 'lived').filter({ hasText: /Máy chủ đã nhận/ }).waitFor();
    await closeTablet(device);
  });

  await step('another tablet receives it, and its person scores the next month by it', async () => {
    const { page } = await opened(t, place.url, 'lb-canbo11');
    await goFar(page, 'rules');
    await page.locator('[data-testid^="pack-"]', { hasText: TEXT['gap-instrument'] }).click();
    assert.match(await text(byId(page, 'lived')), new RegExp(DECISION));
    await stopServer(place.server);
    await goTo(page, 'self-score');
    assert.match(await text(page.locator('main')), /20/, 'this month is scored by the rules of before');
    await scoreNextMonth(page);
    await byId(page, 'submit-self').click();
    await byId(page, 'confirm').click();
    await byId(page, 'withdraw-self').waitFor();
    await pictures(page, 'template-scored', byId(page, 'total').last());
  });

  await step('so does a scorer, on a third one', async () => {
    await place.again();
    const { page } = await opened(t, place.url, 'lb-bophan1');
    await stopServer(place.server);
    // From the day on which results may be signed, nobody waits for a self-score.
    await liveInNextMonth(page, 25);
    await openPerson(page, place.people['lb-canbo12'].name);
    await byId(page, 'score-alone').click();
    for (const [code, mark] of [['1', '25'], ['2', '50'], ['3', '0']]) await enter(page, `mark-${code}`, mark);
    await saved(page);
    await byId(page, 'submit-appraisal').click();
    await saved(page);
    assert.match(await text(page.locator('main')), /75/);
  });
});
