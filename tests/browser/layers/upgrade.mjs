// Test layer: a new version opens while the old one is open in another tab, or while another program holds the
// database. Nobody may wait for ever, two tabs may not write at once, and the new version must have everything that was
// shown as saved.

import assert from 'node:assert/strict';
import { byId, text } from '../lib/app.mjs';
import { started } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { deployFirst, deployNext } from '../lib/release.mjs';
import { repeat } from '../lib/repeat.mjs';
import { begin } from '../lib/work.mjs';

/** A timeout for a busy machine. It limits the test and does not measure the app. */
const WAIT_MS = 120_000;
const OTHER_TAB = /đang mở ở một tab khác.*đóng tab kia thì sửa được ở đây/;

/** Runs beside the app. An older program holds the same database open and ignores requests to close it. */
const holdDatabase = async () => {
  const { name } = (await indexedDB.databases()).find((database) => database.name.startsWith('congtam-'));
  globalThis.held = await new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
};

/** Runs beside the app. Another program wants another layout of the database, and waits because the app has it open. */
const wantAnotherLayout = () =>
  new Promise((resolve, reject) => {
    const { name, version } = globalThis.held;
    globalThis.held.close();
    const request = indexedDB.open(name, version + 1);
    // Aborted at the last moment, because the database belongs to the app.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onblocked = () => resolve();
    request.onsuccess = () => reject(new Error('nobody had the database open'));
    request.onerror = () => {};
  });

/** The person accepts the new version in this tab; the other tab still runs the old one. */
async function agree(page, mark) {
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await byId(page, 'update-apply').click({ timeout: WAIT_MS });
  await page.waitForFunction((words) => document.documentElement.outerHTML.includes(words), mark, { timeout: WAIT_MS });
  await started(page);
  await byId(page, 'person-name').waitFor({ timeout: WAIT_MS });
}

async function follows(work, page) {
  const same = ([id, value]) => document.querySelector(`[data-testid="${id}"]`)?.value === value;
  await page.waitForFunction(same, [work.line, String(work.called)], { timeout: WAIT_MS });
}

/** The old version has the work open in one tab, and the new one starts in another. */
async function besideTheOld(work, dist, version) {
  const mark = `<!-- ${version} -->`;
  await work.step();
  deployNext(dist, version, mark);
  const second = await work.device.context.newPage();
  await work.enter(second);
  await agree(second, mark);
  assert.match(await text(byId(second, 'read-only')), OTHER_TAB);
  await work.holds('in the new version, which looks on', second);
  await work.step();
  await follows(work, second);
  assert.equal(await work.page.evaluate((words) => document.documentElement.outerHTML.includes(words), mark), false, 'the old version runs on');
  await work.page.close();
  work.device.page = second;
  await byId(second, 'read-only').waitFor({ state: 'detached', timeout: WAIT_MS });
  await work.holds('in the new version, which took over');
  await work.step();
}

/** Another program has the database open, and then wants to change its layout. */
async function besideAnother(work) {
  const other = await work.device.context.newPage();
  await work.leave(other);
  await other.evaluate(holdDatabase);
  await work.leave();
  await work.enter();
  await work.holds('opened while another page has the database');
  await work.step();
  await other.evaluate(wantAnotherLayout);
  await work.step();
  await work.leave();
  await work.enter();
  await work.holds('opened after another layout was wanted');
  await work.step();
  await other.close();
}

export async function run(t, { runs, seed, say }) {
  const dist = folder('dist');
  deployFirst(dist);
  const work = await begin(t, { dist });
  const proved = await repeat({ runs, seed, say, recover: () => work.recover() }, async (draw, run) => {
    const parts = [() => besideTheOld(work, dist, `version-${seed}-${run}`), () => besideAnother(work)];
    for (const part of draw.below(2) === 0 ? parts : parts.reverse()) await part();
  });
  await work.deliver();
  await work.arrivedElsewhere(t);
  return proved;
}
