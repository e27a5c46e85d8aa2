// Test layer: the browser deletes the stores of a device to free space: either store or both, while the app is closed
// or running. One lost store is rebuilt from the other, without a network. When both are lost, the server still has
// what it received, and the screen says what happened.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { byId, goTo, synced, text } from '../lib/app.mjs';
import { repeat, sum } from '../lib/repeat.mjs';
import { begin } from '../lib/work.mjs';

const WAIT_MS = 30_000;
/** Where Chromium keeps each store in a profile, and its name in the debugging protocol. */
const STORES = {
  database: { folder: 'IndexedDB', type: 'indexeddb', words: /Đã phục hồi nơi lưu thứ nhất từ nơi thứ hai: \d+ thao tác/ },
  journal: { folder: 'File System', type: 'file_systems', words: /Đã phục hồi nơi lưu thứ hai từ nơi thứ nhất: \d+ thao tác/ },
};

const removeFrom = (profile, folder) => rmSync(join(profile, 'Default', folder), { recursive: true, force: true });

/** Deletes a store under the running app, as the browser would. */
async function takeAway(work, type) {
  const session = await work.device.context.newCDPSession(work.page);
  await session.send('Storage.clearDataForOrigin', { origin: work.url, storageTypes: type });
  await session.detach();
}

/** What the screen says was rebuilt at this start. */
async function mendedWords(work) {
  await goTo(work.page, 'sync');
  const notice = byId(work.page, 'mended').first();
  await notice.waitFor({ timeout: WAIT_MS });
  return text(notice);
}

async function loseOne(work, { folder, type, words }, draw) {
  await work.step();
  const running = draw.below(2) === 0;
  if (running) {
    await takeAway(work, type);
    // Work goes on, and is still saved.
    await work.step();
    await work.holds('the store is gone under the running app');
  }
  // Closed, not killed: a browser that also loses its settings mends the stores before it knows whose work opens, and
  // shows no message.
  await work.restart({ meanwhile: (profile) => !running && removeFrom(profile, folder) });
  await work.enter();
  await work.holds(`opened after the eviction of ${folder}`);
  assert.match(await mendedWords(work), words);
  await work.step();
  await work.leave();
  await work.enter();
  await work.holds('opened once more');
  // This makes the key of the new chain known at the server. If it were lost before, nobody could tell whose key it
  // was.
  await work.goOnline();
  await work.deliver();
  await work.goOffline();
}

async function loseBoth(work) {
  await work.goOnline();
  await work.step();
  await work.deliver();
  await work.restart({ meanwhile: (profile) => Object.values(STORES).forEach(({ folder }) => removeFrom(profile, folder)) });
  await work.enter();
  assert.match(await mendedWords(work), /đã xóa cả hai nơi lưu/);
  await work.deliver();
  await work.holds('brought back by the office');
  await work.step();
  await synced(work.page);
  await work.goOffline();
}

export async function run(t, { runs, seed, say }) {
  const work = await begin(t);
  await work.goOffline();
  const recover = async () => {
    await work.goOffline();
    await work.recover();
  };
  const parts = [];
  for (const [name, store] of Object.entries(STORES)) {
    const told = (words) => say(`eviction of the ${name}: ${words}`);
    parts.push(await repeat({ runs, seed, say: told, recover }, (draw) => loseOne(work, store, draw)));
  }
  parts.push(await repeat({ runs, seed, say: (words) => say(`eviction of both: ${words}`), recover }, () => loseBoth(work)));
  await work.goOnline();
  await work.arrivedElsewhere(t);
  return sum(parts);
}
