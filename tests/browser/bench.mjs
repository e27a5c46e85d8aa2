// Measures how long a person waits on a slow device: `node bench.mjs save`, as `cargo xtask bench save` calls it.
// Chromium is slowed down sixfold; the journal and the database are both on. For comparison, each save is followed in
// the same page by a plain strict put of as many bytes into IndexedDB, and each start by a plain read of the same
// databases. Slow results are never a failure.

import { argv, exit } from 'node:process';
import { parseArgs } from 'node:util';
import { addFreeWork, byId, goTo, idsOf, openAndSignIn, saved } from './lib/app.mjs';
import { keptForOffline, openApp } from './lib/page.mjs';
import { folder } from './lib/place.mjs';
import { congtam, startServer, stopServer } from './lib/server.mjs';
import { closeTablet, tablet } from './lib/tablet.mjs';

const SLOWDOWN = 6;
/** The number of months. Forty officials give a thousand cards, all of which the chairman may read. */
const MONTHS = 25;
const CARDS_PER_MONTH = 40;
const WAIT_MS = 600_000;
const CHAIRMAN = 'chutich';

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  options: { saves: { type: 'string', default: '60' }, starts: { type: 'string', default: '12' } },
  allowPositionals: true,
});
if (positionals.join() !== 'save') {
  console.error(`bench: found ${positionals.join(' ') || 'none'}, allowed save`);
  exit(2);
}

/**
 * Runs in the page. Measures from the request to save until the word "saved" appears, then a plain put of as many
 * bytes.
 */
const measureSave = ([line, bytes]) =>
  new Promise((resolve, reject) => {
    const state = document.querySelector('[data-testid="save-state"]');
    const put = (database) => {
      const rows = crypto.getRandomValues(new Uint8Array(bytes));
      const begun = performance.now();
      const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
      transaction.objectStore('rows').put(rows, (globalThis.rows = (globalThis.rows ?? 0) + 1));
      transaction.oncomplete = () => {
        database.close();
        resolve({ save: globalThis.took, put: performance.now() - begun });
      };
      transaction.onabort = () => reject(transaction.error);
    };
    const plain = () => {
      const request = indexedDB.open('plain', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('rows');
      request.onsuccess = () => put(request.result);
      request.onerror = () => reject(request.error);
    };
    document.querySelector(`[data-testid="${line.replace(/-done$/, '-plus')}"]`).click();
    requestAnimationFrame(() => {
      const begun = performance.now();
      const watch = new MutationObserver(() => {
        if (state.dataset.state !== 'saved') return;
        watch.disconnect();
        globalThis.took = performance.now() - begun;
        setTimeout(plain, 50);
      });
      watch.observe(state, { attributes: true, attributeFilter: ['data-state'] });
      // The event of a page that is put away: the app then saves everything at once, without the pause after the last
      // tap.
      window.dispatchEvent(new Event('visibilitychange'));
    });
  });

/** Runs in the page. The number of bytes of the last own operation in the database. */
const lastOperation = async () => {
  const { name } = (await indexedDB.databases()).find((database) => database.name.startsWith('congtam-'));
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result.transaction('own').objectStore('own').openCursor(null, 'prev');
      cursor.onerror = () => reject(cursor.error);
      cursor.onsuccess = () => {
        request.result.close();
        resolve(cursor.result.value.byteLength);
      };
    };
  });
};

/** Runs in the page. Reads everything in the app's database, as plainly as possible. */
const readPlainly = async () => {
  const { name } = (await indexedDB.databases()).find((database) => database.name.startsWith('congtam-'));
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const stores = ['own', 'log', 'receipts', 'facts'];
      const transaction = database.transaction(stores);
      let bytes = 0;
      const count = ({ target }) => target.result.forEach((row) => (bytes += row.byteLength));
      for (const store of stores) transaction.objectStore(store).getAll().onsuccess = count;
      transaction.oncomplete = () => {
        database.close();
        resolve({ ms: performance.now() - begun, bytes });
      };
      transaction.onabort = () => reject(transaction.error);
    };
  });
};

/** Added to every page before it loads. Notes when the month can be worked on. */
const noteOpen = () => {
  const watch = new MutationObserver(() => {
    if (!document.querySelector('[data-testid="person-name"]')?.textContent || !document.querySelector('[data-testid="add-work"]')) return;
    watch.disconnect();
    requestAnimationFrame(() => (globalThis.openAfter = performance.now()));
  });
  watch.observe(document, { childList: true, subtree: true, characterData: true });
};

async function slowDown(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
}

function share(times, percent) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)];
}

function print(what, times, plain, plainly) {
  const row = (percent) => {
    const [mine, theirs] = [share(times, percent), share(plain, percent)];
    return `p${percent} ${mine.toFixed(1)} ms (${plainly} ${theirs.toFixed(1)} ms, ratio ${(mine / theirs).toFixed(1)})`;
  };
  console.log(`${what}: ${row(50)}, ${row(95)}, ${times.length} times`);
}

/** Waits until the whole log has arrived, however long it takes. */
async function copied(page) {
  await goTo(page, 'sync');
  await byId(page, 'sync-now').click();
  await page.locator('[data-testid="link-state"][data-state="in-touch"]').waitFor({ timeout: WAIT_MS });
}

async function saves(page, count) {
  await goTo(page, 'my-month');
  await addFreeWork(page, 'Việc để đo', '1');
  const lines = '[data-testid^="line-"][data-testid$="-done"]';
  await page.locator(lines).first().waitFor({ timeout: WAIT_MS });
  const [line] = await idsOf(page, lines);
  await byId(page, line.replace(/-done$/, '-plus')).click();
  await saved(page);
  const bytes = await page.evaluate(lastOperation);
  const rounds = [];
  for (let round = 0; round < count; round += 1) rounds.push(await page.evaluate(measureSave, [line, bytes]));
  print(`save to "saved", ${bytes} bytes`, rounds.map(({ save }) => save), rounds.map(({ put }) => put), 'strict put of as many bytes');
}

async function starts(device, url, count) {
  const { context } = device;
  await context.addInitScript(noteOpen);
  const [opened, read] = [[], []];
  let bytes = 0;
  for (let round = 0; round < count; round += 1) {
    const page = await context.newPage();
    await slowDown(page);
    await device.page.close();
    device.page = page;
    await openApp(page, url);
    opened.push(await page.waitForFunction(() => globalThis.openAfter, null, { timeout: WAIT_MS }).then((found) => found.jsonValue()));
    const plain = await page.evaluate(readPlainly);
    read.push(plain.ms);
    bytes = plain.bytes;
  }
  print(`start with ${MONTHS * CARDS_PER_MONTH} cards, ${bytes} bytes kept`, opened, read, 'plain read of the same database');
}

const cleanups = [];
const t = { after: (act) => cleanups.push(act), diagnostic: console.log };
try {
  const data = folder('data');
  congtam(['demo', '--scheme', 'nd335-congchuc', '--data', data, '--months', String(MONTHS)]);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(folder('tablet'));
  t.after(() => closeTablet(device));
  await openAndSignIn(device.page, server.url, CHAIRMAN);
  await keptForOffline(device.page);
  await copied(device.page);
  await stopServer(server);
  console.log(`CPU slowed down ${SLOWDOWN} times in the page; the journal's worker runs at full speed`);
  await slowDown(device.page);
  await saves(device.page, Number(values.saves));
  await starts(device, server.url, Number(values.starts));
} finally {
  for (const act of cleanups.reverse()) await Promise.resolve(act()).catch((error) => console.error(`cleaning up: ${error.message}`));
}
exit(0);
