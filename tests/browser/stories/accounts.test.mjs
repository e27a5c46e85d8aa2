// Tests: who may work on a device: changing a password, signing out, the next person, guessing passwords without a
// network, a page without HTTPS.

import assert from 'node:assert/strict';
import test from 'node:test';
import { PASSWORD, addFreeWork, byId, goTo, lineNamed, openAndSignIn, reload, saved, signIn, signOut, synced, text } from '../lib/app.mjs';
import { office, opened } from '../lib/office.mjs';
import { keptForOffline, openApp, started } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { congtam, makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, killTablet, tablet } from '../lib/tablet.mjs';

const WAIT_MS = 30_000;
/** The most guesses needed to meet three waits. */
const GUESSES_MAX = 20;
const OWN = 'mèo nhà tôi hay ngủ trưa';

/** Types name and password and sends them; the caller checks the result. */
async function tryToSignIn(page, username, password) {
  await byId(page, 'username').fill(username);
  await byId(page, 'password').fill(password);
  await byId(page, 'sign-in').click();
}

async function refused(page, words) {
  await byId(page, 'sign-in-error').filter({ hasText: words }).waitFor({ timeout: WAIT_MS });
}

const isSignedOut = (page) => byId(page, 'username').waitFor({ timeout: WAIT_MS });

/** The number of entries in the key stores, whose keys can sign. */
const usableKeys = (page) =>
  page.evaluate(async () => {
    let count = 0;
    for (const { name } of await indexedDB.databases()) {
      if (!name.startsWith('congtam-')) continue;
      const asked = (request) => new Promise((done, failed) => Object.assign(request, { onsuccess: () => done(request.result), onerror: failed }));
      const database = await asked(indexedDB.open(name));
      count += await asked(database.transaction('keys').objectStore('keys').count());
      database.close();
    }
    return count;
  });

/** The server's answer to somebody with the cookies of this browser. */
const atTheOffice = (page) => page.evaluate(() => fetch('/v1/session').then((answer) => answer.status));

async function changePassword(page, old, chosen, again = chosen) {
  await goTo(page, 'settings');
  await byId(page, 'password-old').fill(old);
  await byId(page, 'password-new').fill(chosen);
  await byId(page, 'password-again').fill(again);
  await byId(page, 'change-password').click();
}

const told = (page, words) => byId(page, 'password-message').filter({ hasText: words }).waitFor({ timeout: WAIT_MS });

test('d4 a person chooses another password; poor ones are refused with their reason', async (t) => {
  const place = await office(t);
  const { page } = await opened(t, place.url, 'canbo1');
  const elsewhere = await opened(t, place.url, 'canbo1');
  for (const [old, chosen, again, words] of [
    [PASSWORD, 'Matkhau@2026', 'Matkhau@2026', /dễ đoán/],
    [PASSWORD, 'canbo1-canbo1', 'canbo1-canbo1', /tên/],
    [PASSWORD, PASSWORD, PASSWORD, /khác mật khẩu cũ/],
    [PASSWORD, 'ngắn', 'ngắn', /8 ký tự/],
    [PASSWORD, OWN, `${OWN}!`, /không giống nhau/],
    ['không phải', OWN, OWN, /Mật khẩu cũ không đúng/],
  ]) {
    await changePassword(page, old, chosen, again);
    await told(page, words);
  }
  await changePassword(page, PASSWORD, OWN);
  await told(page, /Đã đổi mật khẩu/);
  await goTo(page, 'my-month');
  await addFreeWork(page, 'Việc sau khi đổi mật khẩu', '1');
  await saved(page);
  await synced(page);

  await goTo(elsewhere.page, 'sync');
  await byId(elsewhere.page, 'sync-now').click();
  await elsewhere.page.locator('[data-testid="link-state"][data-state="sign-in-needed"]').waitFor({ timeout: WAIT_MS });

  await signOut(page);
  await stopServer(place.server);
  await tryToSignIn(page, 'canbo1', PASSWORD);
  await refused(page, /không đúng/);
  await tryToSignIn(page, 'canbo1', OWN);
  await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
  await goTo(page, 'my-month');
  await lineNamed(page, 'Việc sau khi đổi mật khẩu').waitFor({ timeout: WAIT_MS });
  await addFreeWork(page, 'Ký bằng khóa cũ', '1');
  await saved(page);
  await place.again();
  await signOut(page);
  await tryToSignIn(page, 'canbo1', OWN);
  await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
  await synced(page);
  const devices = congtam(['account', 'devices', 'canbo1', '--data', place.data, '--lang', 'vi']);
  const ofTablets = devices.trim().split('\n').slice(1).filter((line) => !line.includes('demo'));
  assert.equal(ofTablets.length, 2, `one key for each tablet, whatever the password: ${devices}`);
});

test('case 11: unsent work outlives a reset, and goes out after the next sign-in', async (t) => {
  const place = await office(t);
  const { page } = await opened(t, place.url, 'canbo2');
  await stopServer(place.server);
  await goTo(page, 'my-month');
  await addFreeWork(page, 'Việc chưa gửi', '1');
  await saved(page);
  await place.again();
  const table = congtam(['account', 'reset', 'canbo2', '--data', place.data]);
  const [, first] = /canbo2\s{2,}.*\s{2,}(\S+)/.exec(table);
  await goTo(page, 'sync');
  await byId(page, 'sync-now').click();
  await page.locator('[data-testid="link-state"][data-state="sign-in-needed"]').waitFor({ timeout: WAIT_MS });
  await signOut(page);
  await tryToSignIn(page, 'canbo2', PASSWORD);
  await refused(page, /không đúng/);
  await tryToSignIn(page, 'canbo2', first);
  await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
  await goTo(page, 'my-month');
  await lineNamed(page, 'Việc chưa gửi').waitFor({ timeout: WAIT_MS });
  await synced(page);
});

test('d4 a closed account is told so at the office, and opens without a network no longer', async (t) => {
  const place = await office(t);
  const { page } = await opened(t, place.url, 'canbo3');
  await signOut(page);
  congtam(['account', 'disable', 'canbo3', '--data', place.data]);
  await tryToSignIn(page, 'canbo3', PASSWORD);
  await refused(page, /đã bị khóa/);
  await stopServer(place.server);
  await tryToSignIn(page, 'canbo3', PASSWORD);
  await refused(page, /không đúng/);
});

test('d5 killed right after the sign-out, the tablet is signed out and has no key that signs', async (t) => {
  const place = await office(t);
  const device = await opened(t, place.url, 'canbo1');
  assert.ok((await usableKeys(device.page)) > 0);
  await stopServer(place.server);
  await goTo(device.page, 'settings');
  await byId(device.page, 'sign-out').click();
  await isSignedOut(device.page);
  await killTablet(device);
  const after = await tablet(device.profile);
  t.after(() => closeTablet(after));
  await openApp(after.page, place.url);
  await isSignedOut(after.page);
  assert.equal(await usableKeys(after.page), 0);
  // Settings that were written late must not open it either.
  const person = await after.page.evaluate(() => JSON.parse(localStorage.getItem('congtam.people') ?? '[]')[0]?.person);
  assert.ok(person, 'the tablet knows who worked here');
  await after.page.evaluate((person) => localStorage.setItem('congtam.person', person), person);
  await after.page.reload();
  await started(after.page);
  await isSignedOut(after.page);
  await tryToSignIn(after.page, 'canbo1', PASSWORD);
  await byId(after.page, 'person-name').waitFor({ timeout: WAIT_MS });
});

test('d5 a sign-out without a network ends the session at the next contact', async (t) => {
  const place = await office(t);
  const { page } = await opened(t, place.url, 'canbo1');
  await stopServer(place.server);
  await signOut(page);
  await place.again();
  assert.equal(await atTheOffice(page), 200, 'the office cannot know yet');
  await page.reload();
  await started(page);
  await isSignedOut(page);
  await page.waitForFunction(() => fetch('/v1/session').then((answer) => answer.status === 401), null, { timeout: WAIT_MS });
});

test('d5 it ends also when another person works on without a network', async (t) => {
  const place = await office(t);
  const { page } = await opened(t, place.url, 'canbo1');
  await signOut(page);
  await signIn(page, 'canbo2');
  await synced(page);
  await stopServer(place.server);
  await signOut(page);
  await tryToSignIn(page, 'canbo1', PASSWORD);
  await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
  await place.again();
  assert.equal(await atTheOffice(page), 200);
  await goTo(page, 'sync');
  await byId(page, 'sync-now').click();
  await page.locator('[data-testid="link-state"][data-state="sign-in-needed"]').waitFor({ timeout: WAIT_MS });
  await page.waitForFunction(() => fetch('/v1/session').then((answer) => answer.status === 401), null, { timeout: WAIT_MS });
});

test('d5 when the next person signs in, no tab of the last one acts any more', async (t) => {
  const place = await office(t);
  const device = await opened(t, place.url, 'canbo1');
  const first = device.page;
  await goTo(first, 'my-month');
  const second = await device.context.newPage();
  await openApp(second, place.url);
  await byId(second, 'person-name').waitFor({ timeout: WAIT_MS });
  await signOut(second);
  await isSignedOut(first);
  assert.equal(await usableKeys(second), 0);
  await signIn(second, 'canbo2');
  await synced(second);
  await first.reload();
  await started(first);
  await byId(first, 'person-name').filter({ hasText: await text(byId(second, 'person-name')) }).waitFor({ timeout: WAIT_MS });
});

test('d5 wrong passwords without a network wait longer each time, also after a reload and with the clock set back', async (t) => {
  const place = await office(t);
  const { page, context } = await opened(t, place.url, 'canbo1');
  await signOut(page);
  await stopServer(place.server);
  // The clock is stopped and moved by hand: on a busy machine, a wait of seconds would be over before the check.
  await context.addInitScript(() => {
    const stopped = Date.now() + Number(sessionStorage.getItem('shift') ?? 0);
    Date.now = () => stopped;
  });
  const at = async (shiftMs) => {
    await page.evaluate((shift) => sessionStorage.setItem('shift', shift), shiftMs);
    await page.reload();
    await started(page);
  };
  /** The seconds that the right password has to wait; none when it need not wait. */
  const wait = async () => {
    await tryToSignIn(page, 'canbo1', PASSWORD);
    await refused(page, /Đợi \d+ giây/);
    return Number(/Đợi (\d+) giây/.exec(await text(byId(page, 'sign-in-error')))[1]);
  };
  let shift = 0;
  const waits = [];
  for (let guess = 1; guess <= GUESSES_MAX && waits.length < 3; guess += 1) {
    await at(shift);
    await tryToSignIn(page, 'canbo1', `đoán ${guess}`);
    const said = byId(page, 'sign-in-error').locator('p');
    await said.waitFor({ timeout: WAIT_MS });
    assert.doesNotMatch(await text(said), /Đợi/, 'a wait that is over is over');
    await tryToSignIn(page, 'canbo1', `đoán ${guess} lần nữa`);
    await said.waitFor({ timeout: WAIT_MS });
    if (!(await text(said)).includes('Đợi')) continue;
    waits.push(await wait());
    shift += waits.at(-1) * 1_000;
  }
  assert.equal(waits.length, 3, `guesses have to wait: ${waits}`);
  assert.ok(waits[0] < waits[1] && waits[1] < waits[2], `each wait is longer: ${waits}`);
  await at(shift - waits[2] * 1_000);
  const before = await wait();
  await at(-86_400_000);
  assert.ok((await wait()) >= before, 'a clock set back by a day does not help');
  await page.evaluate(() => sessionStorage.setItem('shift', 3_600_000));
  await page.reload();
  await started(page);
  await tryToSignIn(page, 'canbo1', PASSWORD);
  await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
});

test('d8 a file of the app that was changed on the tablet is not run', async (t) => {
  const place = await office(t);
  const { page } = await opened(t, place.url, 'canbo1');
  const spoil = () =>
    page.evaluate(async () => {
      const [name] = await caches.keys();
      const cache = await caches.open(name);
      const headers = { 'content-type': 'text/html; charset=utf-8' };
      await cache.put('/index.html', new Response('<!doctype html><h1 id="evil">Nhập mật khẩu</h1>', { headers }));
    });
  await spoil();
  await page.reload();
  await started(page);
  assert.equal(await page.locator('#evil').count(), 0);
  await spoil();
  await stopServer(place.server);
  await page.reload();
  await page.getByText('Bản ứng dụng lưu trên máy bị hỏng').waitFor({ timeout: WAIT_MS });
  assert.equal(await page.locator('#evil').count(), 0);
  await place.again();
  await page.reload();
  await started(page);
  await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
});

test('d9 a page opened without HTTPS says before the sign-in what is wrong and what to do', async (t) => {
  const place = await office(t);
  const device = await tablet(folder('tablet'), undefined, ['--host-resolver-rules=MAP congtam.test 127.0.0.1']);
  t.after(() => closeTablet(device));
  const { page } = device;
  await page.goto(place.url.replace('127.0.0.1', 'congtam.test'));
  await page.getByRole('heading', { name: /không được mã hóa/ }).waitFor({ timeout: WAIT_MS });
  assert.equal(await byId(page, 'password').count(), 0, 'no place to type a password');
  const link = page.locator('[data-encrypted]').first();
  assert.match(await link.getAttribute('href'), /^https:\/\/congtam\.test/);
  assert.match(await text(page.locator('#unencrypted')), /congtam certificate.*--certificate/s);
  await page.goto(place.url);
  await started(page);
  await byId(page, 'password').waitFor({ timeout: WAIT_MS });
});

test('d5 reloads keep who is signed in', async (t) => {
  const place = await office(t);
  const { page } = await opened(t, place.url, 'canbo1');
  await reload(page);
  await stopServer(place.server);
  await reload(page);
  await goTo(page, 'my-month');
  await addFreeWork(page, 'Sau khi tải lại', '1');
  await saved(page);
});
