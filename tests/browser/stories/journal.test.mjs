// Tests the journal on a real device: every confirmed append is there after the battery ran out.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openApp } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, killTablet, tablet } from '../lib/tablet.mjs';

const KILLS = 5;
const NAME = 'story';

/** Starts a worker in the page under a name and sends it one message. */
const ask = (page, request, worker = 'worker') =>
  page.evaluate(
    async ([message, key]) => {
      const desk = (globalThis[key] ??= new Worker('/journal-worker.js', { type: 'module' }));
      desk.next = (desk.next ?? 0) + 1;
      const id = desk.next;
      const answer = new Promise((done) => {
        desk.addEventListener('message', function listen({ data }) {
          if (data.id !== id) return;
          desk.removeEventListener('message', listen);
          done(data);
        });
      });
      const frames = message.frames?.map(({ kind, text }) => ({ kind, bytes: new TextEncoder().encode(text) }));
      desk.postMessage({ ...message, id, ...(frames && { frames }) });
      const { frames: read, ...rest } = await answer;
      return { ...rest, ...(read && { texts: read.map(({ bytes }) => new TextDecoder().decode(bytes)) }) };
    },
    [request, worker],
  );

/** Appends numbers for ever and writes the last confirmed one where the test can see it. */
const keepAppending = (page, first) =>
  page.evaluate(async (from) => {
    const desk = globalThis.worker;
    globalThis.answered = from - 1;
    desk.addEventListener('message', ({ data }) => {
      if (!data.ok) throw new Error(JSON.stringify(data.error));
      globalThis.answered = data.id;
      console.log(`answered ${data.id}`);
      append(data.id + 1);
    });
    const append = (id) => desk.postMessage({ id, type: 'append', frames: [{ kind: 1, bytes: new TextEncoder().encode(String(id)) }] });
    append(from);
  }, first);

test(`what the journal answered survives ${KILLS} kills while it writes`, async (t) => {
  const data = folder('data');
  const profile = folder('tablet');
  makeDemo(data);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  let device = await tablet(profile);
  t.after(() => closeTablet(device));

  let answered = 0;
  for (let kill = 0; kill <= KILLS; kill += 1) {
    await openApp(device.page, server.url);
    const found = await ask(device.page, { type: 'open', name: NAME });
    assert.equal(found.ok, true, JSON.stringify(found));
    const numbers = found.texts.map(Number);
    assert.deepEqual(numbers, Array.from(numbers, (_, i) => i + 1), 'no gap and no doubling');
    assert.ok(numbers.length >= answered, `kill ${kill}: ${numbers.length} found, ${answered} had been answered`);
    if (kill === KILLS) break;
    answered = numbers.length;
    device.page.on('console', (message) => {
      const text = /^answered (\d+)$/.exec(message.text());
      if (text) answered = Math.max(answered, Number(text[1]));
    });
    await keepAppending(device.page, numbers.length + 1);
    await device.page.waitForFunction((least) => globalThis.answered > least + 20, numbers.length);
    await killTablet(device);
    device = await tablet(profile);
  }
  t.diagnostic(`${KILLS} kills, ${answered} answered appends, none lost`);
});

test('two tabs cannot write one journal; a rewrite and a removal hold', async (t) => {
  const data = folder('data');
  const profile = folder('tablet');
  makeDemo(data);
  const server = await startServer({ data });
  t.after(() => stopServer(server, 'SIGKILL'));
  const device = await tablet(profile);
  t.after(() => closeTablet(device));
  await openApp(device.page, server.url);
  const { page } = device;

  assert.equal((await ask(page, { type: 'open', name: NAME })).ok, true);
  assert.equal((await ask(page, { type: 'append', frames: [{ kind: 1, text: 'cũ' }] })).ok, true);
  assert.equal((await ask(page, { type: 'open', name: NAME }, 'second')).error.code, 'busy');
  assert.equal((await ask(page, { type: 'rewrite', frames: [{ kind: 1, text: 'mới' }] })).ok, true);
  assert.equal((await ask(page, { type: 'close' })).ok, true);
  assert.deepEqual((await ask(page, { type: 'open', name: NAME }, 'second')).texts, ['mới']);
  assert.equal((await ask(page, { type: 'destroy' }, 'second')).ok, true);
  assert.deepEqual((await ask(page, { type: 'open', name: NAME })).texts, []);
});
