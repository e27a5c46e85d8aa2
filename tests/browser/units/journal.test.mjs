// Tests the journal's byte format and its worker, on files in memory that fail on demand.

import assert from 'node:assert/strict';
import test from 'node:test';
import { FRAME_BYTES_MAX, FRAME_HEADER_BYTES, HEADER_BYTES, crc32, encodeFrames, encodeHeader, scan } from '../../../public/journal-frames.js';
import { Desk, Journal } from '../../../public/journal-worker.js';
import { FakeHandle } from './fake_handle.mjs';

const text = (words) => new TextEncoder().encode(words);
const frame = (words, kind = 1) => ({ kind, bytes: text(words) });
const words = (frames) => frames.map(({ kind, bytes }) => `${kind}:${new TextDecoder().decode(bytes)}`);
const pair = () => [new FakeHandle(), new FakeHandle()];

function opened(handles) {
  const journal = new Journal(handles);
  return { journal, found: journal.open() };
}

const reopened = (handles) => opened(handles.map(({ bytes }) => new FakeHandle(bytes.slice()))).found;
const code = (expected) => (error) => error.code === expected;

test('the check sum is the CRC-32 of the standard', () => {
  assert.equal(crc32(text('123456789')), 0xcbf43926);
});

test('what was appended is read back in order, with kinds and offsets', () => {
  const handles = pair();
  const { journal, found } = opened(handles);
  assert.deepEqual(found, { frames: [], size: HEADER_BYTES, torn_bytes: 0, damaged_bytes: 0 });
  journal.append([frame('một', 1), frame('', 2)]);
  const { size } = journal.append([frame('ba', 255)]);
  const again = reopened(handles);
  assert.deepEqual(words(again.frames), ['1:một', '2:', '255:ba']);
  assert.equal(again.size, size);
  assert.deepEqual(again.frames.map(({ offset }) => offset), [12, 12 + 11 + 5, 12 + 11 + 5 + 11]);
});

test('a last write torn at any byte leaves exactly the frames before it', () => {
  const whole = [frame('đã lưu'), frame('cũng đã lưu', 3)];
  const kept = [...encodeHeader(1), ...encodeFrames(whole)];
  const last = encodeFrames([frame('chưa xong', 7)]);
  for (let cut = 0; cut < last.length; cut += 1) {
    const handles = [new FakeHandle(Uint8Array.from([...kept, ...last.subarray(0, cut)])), new FakeHandle()];
    const { journal, found } = opened(handles);
    assert.deepEqual(words(found.frames), ['1:đã lưu', '3:cũng đã lưu'], `cut at ${cut}`);
    assert.equal(found.torn_bytes, cut);
    assert.equal(handles[0].bytes.length, kept.length);
    journal.append([frame('sau đó')]);
    assert.deepEqual(words(reopened(handles).frames).at(-1), '1:sau đó');
  }
});

test('one wrong bit in any byte of a frame is noticed, and the frames behind it are still read', () => {
  const first = encodeFrames([frame('hỏng')]);
  const rest = encodeFrames([frame('còn'), frame('nguyên')]);
  for (let at = 0; at < first.length; at += 1) {
    const bad = first.slice();
    bad[at] ^= 0x10;
    const { found } = opened([new FakeHandle(Uint8Array.from([...encodeHeader(1), ...bad, ...rest])), new FakeHandle()]);
    assert.deepEqual(words(found.frames), ['1:còn', '1:nguyên'], `bit in byte ${at}`);
    assert.equal(found.damaged_bytes, first.length);
    assert.equal(found.torn_bytes, 0);
  }
});

test('a damaged header loses no frame', () => {
  const bytes = Uint8Array.from([...encodeHeader(4), ...encodeFrames([frame('vẫn còn')])]);
  bytes[5] ^= 1;
  assert.deepEqual(words(opened([new FakeHandle(), new FakeHandle(bytes)]).found.frames), ['1:vẫn còn']);
});

for (const fault of ['short', 'throw']) {
  test(`a full device (${fault}) is an error, leaves nothing behind, and the next append works`, () => {
    const handles = pair();
    const { journal } = opened(handles);
    const { size } = journal.append([frame('trước')]);
    handles[0].faults.write = fault;
    assert.throws(() => journal.append([frame('không vừa')]), code('quota'));
    assert.equal(handles[0].bytes.length, size);
    handles[0].faults = {};
    journal.append([frame('sau')]);
    assert.deepEqual(words(reopened(handles).frames), ['1:trước', '1:sau']);
  });
}

test('a refused flush is an error, and nothing more is called saved until the file was opened again', () => {
  const handles = pair();
  const { journal } = opened(handles);
  journal.append([frame('trước')]);
  handles[0].faults.flush = true;
  assert.throws(() => journal.append([frame('mất')]), code('io'));
  handles[0].faults = {};
  assert.throws(() => journal.append([frame('quá sớm')]), code('io'));
  const { journal: fresh, found } = opened(handles);
  assert.deepEqual(words(found.frames), ['1:trước']);
  fresh.append([frame('được')]);
  assert.deepEqual(words(reopened(handles).frames), ['1:trước', '1:được']);
});

test('when not even the way back works, the journal says so and refuses to go on', () => {
  const handles = pair();
  const { journal } = opened(handles);
  journal.append([frame('trước')]);
  handles[0].faults = { write: 'short', truncate: true };
  assert.throws(() => journal.append([frame('một nửa')]), code('quota'));
  handles[0].faults = {};
  assert.throws(() => journal.append([frame('nữa')]), code('io'));
  assert.deepEqual(words(reopened(handles).frames), ['1:trước']);
});

test('a rewrite that dies at any step leaves the old frames or the new ones, never a mixture', () => {
  let olds = 0;
  let news = 0;
  for (let steps = 0; steps < 80; steps += 1) {
    const handles = pair();
    const { journal } = opened(handles);
    journal.append([frame('cũ một'), frame('cũ hai')]);
    handles[1].stepsToLive = steps;
    let done = true;
    try {
      journal.rewrite([frame('mới')]);
    } catch {
      done = false;
    }
    const seen = words(reopened(handles).frames);
    if (seen.length === 2) {
      assert.deepEqual(seen, ['1:cũ một', '1:cũ hai'], `after ${steps} steps`);
      assert.equal(done, false);
      olds += 1;
    } else {
      assert.deepEqual(seen, ['1:mới'], `after ${steps} steps`);
      news += 1;
    }
  }
  assert.ok(olds > 20 && news > 20, `both outcomes were met: ${olds} old, ${news} new`);
});

test('after a rewrite the journal goes on in the new file, and back again', () => {
  const handles = pair();
  const { journal } = opened(handles);
  journal.append([frame('một')]);
  journal.rewrite([frame('hai')]);
  journal.append([frame('ba')]);
  assert.deepEqual(words(reopened(handles).frames), ['1:hai', '1:ba']);
  assert.equal(handles[0].bytes.length, 0);
  journal.rewrite([frame('bốn')]);
  journal.append([frame('năm')]);
  assert.deepEqual(words(reopened(handles).frames), ['1:bốn', '1:năm']);
});

test('an old file that could not be emptied does not come back, and is emptied at the next start', () => {
  const handles = pair();
  const { journal } = opened(handles);
  journal.append([frame('cũ'), frame('cũ'), frame('cũ')]);
  handles[0].faults.truncate = true;
  journal.rewrite([frame('mới')]);
  assert.deepEqual(words(opened(handles).found.frames), ['1:mới'], 'still refused');
  assert.ok(handles[0].bytes.length > 0);
  handles[0].faults.truncate = false;
  assert.deepEqual(words(opened(handles).found.frames), ['1:mới']);
  assert.equal(handles[0].bytes.length, 0, 'what was taken back is nowhere');
});

test('a frame over the limit and a kind that is no byte are refused by name, nothing is written', () => {
  const handles = pair();
  const { journal, found } = opened(handles);
  const large = { kind: 1, bytes: new Uint8Array(FRAME_BYTES_MAX + 1) };
  assert.throws(() => journal.append([frame('vừa'), large]), (error) => error.code === 'too_large' && error.message.includes('frames[1].bytes'));
  assert.throws(() => journal.append([frame('x', 256)]), (error) => error.code === 'bad_request' && error.message.includes('256'));
  assert.equal(handles[0].bytes.length, found.size);
});

test('a payload that looks like frames is read as one frame', () => {
  const inner = encodeFrames([frame('giả')]);
  const bytes = Uint8Array.from([...encodeHeader(1), ...encodeFrames([{ kind: 9, bytes: inner }])]);
  const { frames } = scan(bytes);
  assert.equal(frames.length, 1);
  assert.equal(frames[0].bytes.length, inner.length);
  assert.equal(bytes.length, HEADER_BYTES + FRAME_HEADER_BYTES + inner.length);
});

function folderOf(handles, refusals = 0) {
  const left = new Map();
  return async () => ({
    getFileHandle: async (name) => ({
      createSyncAccessHandle: async () => {
        const tries = left.get(name) ?? refusals;
        left.set(name, tries - 1);
        if (tries > 0) throw Object.assign(new Error('locked'), { name: 'NoModificationAllowedError' });
        return handles[name.includes('.0.') ? 0 : 1];
      },
    }),
    removeEntry: async (name) => {
      handles[name.includes('.0.') ? 0 : 1].removed = true;
    },
  });
}

test('messages are answered with their id, and errors carry a code', async () => {
  const handles = pair();
  const desk = new Desk(folderOf(handles));
  assert.equal((await desk.answer({ id: 1, type: 'append', frames: [] })).error.code, 'not_open');
  assert.equal((await desk.answer({ id: 2, type: 'open', name: '../x' })).error.code, 'bad_request');
  assert.equal((await desk.answer({ id: 3, type: 'open', name: 'ops' })).ok, true);
  assert.equal((await desk.answer({ id: 4, type: 'open', name: 'ops' })).error.code, 'already_open');
  assert.deepEqual(await desk.answer({ id: 5, type: 'append', frames: [frame('a')] }), { id: 5, ok: true, size: 24 });
  assert.equal((await desk.answer({ id: 6, type: 'dance' })).error.code, 'bad_request');
  assert.deepEqual(await desk.answer({ id: 7, type: 'destroy' }), { id: 7, ok: true });
  assert.ok(handles.every(({ closed, removed }) => closed && removed));
});

test('a file that another tab keeps is busy; one that is freed in time is opened', async () => {
  const patient = await new Desk(folderOf(pair(), 2)).answer({ id: 1, type: 'open', name: 'ops' });
  assert.equal(patient.ok, true);
  const refused = await new Desk(folderOf(pair(), 1000)).answer({ id: 1, type: 'open', name: 'ops' });
  assert.equal(refused.error.code, 'busy');
});

test('a browser without a private file system is told apart', async () => {
  const nothing = await new Desk().answer({ id: 1, type: 'open', name: 'ops' });
  assert.equal(nothing.error.code, 'unsupported');
});
