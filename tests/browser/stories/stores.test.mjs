// Tests: what a device showed as saved survives the loss of either store, the other tab, the server and a dead battery.

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import test from 'node:test';
import { enterAs } from '../lib/app.mjs';
import { keptForOffline, openApp, started } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { congtam, makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, killTablet, tablet } from '../lib/tablet.mjs';

const WAIT_MS = 30_000;
const USERNAME = 'canbo1';
const PASSWORD = 'congtam-demo';

async function signIn(page, username = USERNAME, password = PASSWORD) {
  await page.getByTestId('username').fill(username);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('sign-in').click();
}

const signedIn = (page) => page.getByTestId('save-state').waitFor({ state: 'attached', timeout: WAIT_MS });

/** A new device with a signed-in person, which opens without a network. */
async function readyTablet(t, url) {
  const device = await tablet(folder('tablet'));
  t.after(() => closeTablet(device));
  await openApp(device.page, url);
  await signIn(device.page);
  await signedIn(device.page);
  await keptForOffline(device.page);
  return device;
}

/** Registers free work and waits until it is on the screen, which is after it was saved. */
async function addWork(page, name) {
  await page.getByTestId('nav-my-month').click();
  await page.getByTestId('add-work').click();
  await page.getByTestId('free-work').click();
  await page.getByTestId('free-name').fill(name);
  await page.getByTestId('free-add').click();
  await page.getByTestId('work-done').click();
  await shows(page, name);
}

const shows = (page, name) => page.locator('main').getByText(name).first().waitFor({ timeout: WAIT_MS });

async function showsAll(page, names) {
  await page.getByTestId('nav-my-month').click();
  for (const name of names) await shows(page, name);
}

/** Runs `act` on a page of ours that does not run the app, so that nothing holds the stores open. */
async function besideTheApp(page, url, act) {
  await page.goto(`${url}/manifest.webmanifest`);
  const seen = await page.evaluate(act);
  await openApp(page, url);
  await enterAs(page, USERNAME);
  await signedIn(page);
  return seen;
}

const wipeDatabase = async () => {
  for (const { name } of await indexedDB.databases()) {
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = resolve;
      request.onerror = request.onblocked = () => reject(new Error(`${name} could not be deleted`));
    });
  }
};

const wipeJournal = async () => {
  const root = await navigator.storage.getDirectory();
  for await (const name of root.keys()) await root.removeEntry(name);
};

/** The kinds of the frames in the journal's files, and how often a file was rewritten. */
const readJournal = async () => {
  const { decodeGeneration, scan } = await import('/journal-frames.js');
  const root = await navigator.storage.getDirectory();
  const found = { kinds: [], generation: 0 };
  for await (const handle of root.values()) {
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    found.generation = Math.max(found.generation, decodeGeneration(bytes));
    found.kinds.push(...scan(bytes).frames.map(({ kind }) => kind));
  }
  return found;
};

async function mendedIsTold(page) {
  await page.getByTestId('nav-sync').click();
  await page.getByTestId('mended').waitFor({ timeout: WAIT_MS });
}

async function onlyHere(page) {
  await page.getByTestId('nav-sync').click();
  return page.getByTestId('only-here').innerText();
}

/** Waits until the screen says that nothing is on this device only. */
async function delivered(page, before) {
  await page.waitForFunction(
    ([element, old]) => element.innerText !== old && !/\d/.test(element.innerText),
    [await page.getByTestId('only-here').elementHandle(), before],
    { timeout: WAIT_MS },
  );
}

test('saved work outlives the loss of either store, a dead battery, a second tab and a server that was away', async (t) => {
  const data = folder('data');
  const profile = folder('tablet');
  makeDemo(data);
  let server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const { url, port } = server;
  let device = await tablet(profile);
  t.after(() => closeTablet(device));
  const done = [];
  const add = async (name) => {
    await addWork(device.page, name);
    done.push(name);
  };

  await t.test('signs in, registers work', async () => {
    await openApp(device.page, url);
    await signIn(device.page, USERNAME, 'wrong');
    await device.page.getByTestId('sign-in-error').locator('p').waitFor({ timeout: WAIT_MS });
    await signIn(device.page);
    await signedIn(device.page);
    await keptForOffline(device.page);
    await add('Việc thứ nhất');
  });

  await t.test('works on without a server, and is killed right after the screen showed the work', async () => {
    await stopServer(server, 'SIGKILL');
    await add('Việc lúc mất mạng');
    await killTablet(device);
    device = await tablet(profile);
    await openApp(device.page, url);
    await signedIn(device.page);
    await showsAll(device.page, done);
  });

  await t.test('the database is wiped: rebuilt from the journal, and after a sign-in work goes on with the key that the password opens', async () => {
    await besideTheApp(device.page, url, wipeDatabase);
    await mendedIsTold(device.page);
    await showsAll(device.page, done);
    await add('Việc sau khi kho thứ hai mất');
  });

  await t.test('the journal is wiped: rebuilt from the database', async () => {
    await besideTheApp(device.page, url, wipeJournal);
    await mendedIsTold(device.page);
    await showsAll(device.page, done);
  });

  await t.test('a second tab looks on, follows, and takes over when the first is closed', async () => {
    const second = await device.context.newPage();
    await openApp(second, url);
    await second.getByTestId('read-only').waitFor({ timeout: WAIT_MS });
    await add('Việc ở thẻ thứ nhất');
    await showsAll(second, done);
    await device.page.close();
    device.page = second;
    await second.getByTestId('read-only').waitFor({ state: 'detached', timeout: WAIT_MS });
    await add('Việc ở thẻ thứ hai');
  });

  await t.test('signs out and in again without a server, with the right password only', async () => {
    await device.page.getByTestId('nav-settings').click();
    await device.page.getByTestId('sign-out').click();
    await signIn(device.page, USERNAME, 'wrong');
    await device.page.getByTestId('sign-in-error').locator('p').waitFor({ timeout: WAIT_MS });
    await signIn(device.page);
    await signedIn(device.page);
    await showsAll(device.page, done);
  });

  await t.test('the server returns: after a sign-in there everything is delivered, also what the lost key had signed', async () => {
    const before = await onlyHere(device.page);
    server = await startServer({ data, port });
    await device.page.goto(`${url}/dang-nhap`);
    await started(device.page);
    await signIn(device.page);
    await device.page.waitForURL(`${url}/`, { timeout: WAIT_MS });
    await device.page.getByTestId('nav-sync').click();
    await delivered(device.page, before);
    assert.equal(await device.page.getByTestId('refused').count(), 0);
    await showsAll(device.page, done);
    assert.deepEqual(device.errors, []);
  });
});

/** The kind of the frame that invalidates the log so far: `FORGET_LOG` of shared/src/device_store/frame.rs. */
const FORGET_LOG = 5;

test('an office restored from an older copy gets everything again, and the journal keeps nothing that it took back', async (t) => {
  const data = folder('data');
  const older = folder('older');
  makeDemo(data);
  cpSync(data, older, { recursive: true });
  let server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const { url, port } = server;
  const device = await readyTablet(t, url);
  await addWork(device.page, 'Việc trước khi khôi phục');
  await device.page.getByTestId('nav-sync').click();
  await delivered(device.page, '');

  await stopServer(server);
  server = await startServer({ data: older, port });
  await addWork(device.page, 'Việc sau khi khôi phục');
  const before = await onlyHere(device.page);
  // The older copy does not know the session either.
  await device.page.getByTestId('nav-settings').click();
  await device.page.getByTestId('sign-out').click();
  await signIn(device.page);
  await signedIn(device.page);
  await device.page.getByTestId('nav-sync').click();
  await delivered(device.page, before);

  const { kinds, generation } = await besideTheApp(device.page, url, readJournal);
  assert.ok(generation > 1, 'the office began anew, so the journal was written anew');
  assert.ok(kinds.length > 0 && !kinds.includes(FORGET_LOG), `kinds found: ${kinds}`);
  await showsAll(device.page, ['Việc trước khi khôi phục', 'Việc sau khi khôi phục']);
  assert.deepEqual(device.errors, []);
});

test('a key that is lost before the office knew it: what it had signed is received all the same', async (t) => {
  const data = folder('data');
  makeDemo(data);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const { url } = server;
  const device = await readyTablet(t, url);
  await addWork(device.page, 'Việc trước khi mất mạng');
  // The server hears of no new key. A password that this device cannot match to the old one does not open the old key
  // either.
  await device.context.route(/\/v1\/(devices|sync)/, (route) => route.abort());
  const forgetPassword = async () => {
    const [, first] = new RegExp(`${USERNAME}\\s{2,}.*\\s{2,}(\\S+)`).exec(congtam(['account', 'reset', USERNAME, '--data', data]));
    await device.page.getByTestId('nav-settings').click();
    await device.page.getByTestId('sign-out').click();
    await signIn(device.page, USERNAME, first);
    await signedIn(device.page);
  };
  await forgetPassword();
  await addWork(device.page, 'Việc ký bằng khóa sẽ mất');
  await forgetPassword();
  await addWork(device.page, 'Việc ký bằng khóa mới');
  const before = await onlyHere(device.page);

  await device.context.unroute(/\/v1\/(devices|sync)/);
  await device.page.reload();
  await signedIn(device.page);
  await device.page.getByTestId('nav-sync').click();
  await delivered(device.page, before);
  assert.equal(await device.page.getByTestId('refused').count(), 0);
  await showsAll(device.page, ['Việc trước khi mất mạng', 'Việc ký bằng khóa sẽ mất', 'Việc ký bằng khóa mới']);
});
