// Test layer: the battery runs out during a save. What the app showed as saved must be there afterwards. For
// comparison, in the same browser and at the same moment, it measures what IndexedDB alone would have kept: the app's
// own database before the journal mends it, and a page that only does strict writes. Their losses are never a failure.

import { setTimeout as wait } from 'node:timers/promises';
import { byId } from '../lib/app.mjs';
import { chance } from '../lib/chance.mjs';
import { begin } from '../lib/work.mjs';

/**
 * Saving begins 600 ms after the last tap and takes some tens of milliseconds. Every second kill falls around that
 * moment.
 */
const SAVING_MS = [560, 860];
const ANY_MS = [0, 900];
/** As large as a batch of a few operations. */
const ROW_BYTES = 4096;
const ROWS = 64;
const REST_MS = 3;

/** Runs in a page beside the app. Opens the database of the writing page, and returns what it finds there. */
const openAlone = ([rows, bytes, rest]) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open('alone', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('rows');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const put = (number) =>
        new Promise((done, failed) => {
          const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
          transaction.objectStore('rows').put({ number, bytes: crypto.getRandomValues(new Uint8Array(bytes)) }, number % rows);
          transaction.oncomplete = done;
          transaction.onabort = () => failed(transaction.error);
        });
      globalThis.keepWriting = async (number) => {
        for (let next = number + 1; ; next += 1) {
          await put(next);
          console.log(`answered ${next}`);
          await new Promise((rested) => setTimeout(rested, rest));
        }
      };
      const found = database.transaction('rows').objectStore('rows').getAll();
      found.onerror = () => reject(found.error);
      found.onsuccess = () => resolve(Math.max(0, ...found.result.map(({ number }) => number)));
    };
  });

/** Runs in a page beside the app. Counts the own operations in the app's database. */
const countOwn = async () => {
  const { name } = (await indexedDB.databases()).find((database) => database.name.startsWith('congtam-')) ?? {};
  if (!name) return 0;
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const end = (act, value) => {
        database.close();
        act(value);
      };
      if (!database.objectStoreNames.contains('own')) return end(resolve, 0);
      const found = database.transaction('own').objectStore('own').count();
      found.onerror = () => end(reject, found.error);
      found.onsuccess = () => end(resolve, found.result);
    };
  });
};

/** The page that only writes, and the writes that were confirmed to it. */
class Alone {
  answered = 0;
  kills = 0;
  lost = 0;
  wiped = 0;

  /** Opens a page beside the app. Writes confirmed before the kill should be there. */
  async open(page) {
    this.page = page;
    page.on('console', (message) => {
      const text = /^answered (\d+)$/.exec(message.text());
      if (text) this.answered = Math.max(this.answered, Number(text[1]));
    });
    // A database that cannot be opened any more has lost everything.
    const found = await page.evaluate(openAlone, [ROWS, ROW_BYTES, REST_MS]).catch(() => 0);
    this.lost += Number(found < this.answered);
    this.wiped += Number(found === 0 && this.answered > 0);
    this.answered = found;
  }

  write() {
    // This never ends; the kill ends it.
    this.page.evaluate((from) => globalThis.keepWriting(from), this.answered).catch(() => {});
  }

  own() {
    return this.page.evaluate(countOwn);
  }
}

/** The kills of one device, with their results. */
class Kills {
  constructor(work) {
    this.work = work;
    this.alone = new Alone();
    this.ownCalled = 0;
    this.saves = 0;
    this.inFlight = 0;
    this.lost = 0;
    this.databaseLost = 0;
  }

  /** Opens a page beside the app to see what the kill left, then opens the app. */
  async wake() {
    const { work, alone } = this;
    await alone.open(work.page);
    const own = await alone.own().catch(() => 0);
    this.databaseLost += Number(own < this.ownCalled);
    work.device.page = await work.device.context.newPage();
    await work.enter();
    const found = await work.shown();
    const lost = found < work.called;
    this.lost += Number(lost);
    const words = lost ? `${found} found, ${work.called} had been called saved; the database had ${own} of ${this.ownCalled}` : '';
    work.called = found;
    return words;
  }

  async saveAndDie(draw, aimed) {
    const { work } = this;
    await work.step();
    this.saves += 1;
    this.ownCalled = await this.alone.own();
    await work.tap();
    this.alone.write();
    await wait(draw.between(...(aimed ? SAVING_MS : ANY_MS)));
    if ((await byId(work.page, 'save-state').getAttribute('data-state')) === 'saved') {
      work.called = await work.shown();
      this.saves += 1;
    } else {
      this.inFlight += 1;
    }
    await work.restart({ kill: true });
  }
}

export async function run(t, { runs, seed, say }) {
  const work = await begin(t);
  await work.goOffline();
  const kills = new Kills(work);
  await work.leave();
  const words = await kills.wake();
  if (words) say(words);
  for (let kill = 1; kill <= runs; kill += 1) {
    await kills.saveAndDie(chance(seed + kill), kill % 2 === 0);
    const words = await kills.wake();
    if (words) say(`kill ${kill} with seed ${seed}: ${words}`);
  }
  const { alone } = kills;
  say(`journal and IndexedDB: ${kills.lost} of ${runs} kills lost a saved step; ${kills.saves} steps were called saved, ${kills.inFlight} kills fell while a change was being saved`);
  say(`IndexedDB alone, the app's own before it is mended: ${kills.databaseLost} of ${runs} kills lost operations`);
  say(`IndexedDB alone, a page that writes all the time: ${alone.lost} of ${runs} kills lost what was answered, ${alone.wiped} of them everything; ${alone.answered} writes answered`);
  return { runs, failures: kills.lost };
}
