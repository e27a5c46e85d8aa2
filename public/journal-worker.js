// The journal: an append-only file in the origin's private file system. Every append is flushed before it is answered.
// Start it as a module: `new Worker('/journal-worker.js', { type: 'module' })`. One worker holds one journal.
//
// Messages: the page posts `{id, type, …}`. The answer is `{id, ok: true, …}` or
// `{id, ok: false, error: {code, message}}`. Answers come in the order of the requests. The page chooses `id`, and the
// answer repeats it.
//
//   open    {name}             -> {frames: [{offset, kind, bytes}], size, torn_bytes, damaged_bytes}
//           `name`: a-z, 0-9, `-`, `_`, at most 64. torn_bytes were an unfinished last write and have been cut off;
//           damaged_bytes are between readable frames and stay in the file until `rewrite`.
//   append  {frames: [{kind, bytes}]} -> {size}      writes all frames, or none and an error; flushed when answered
//   rewrite {frames: [{kind, bytes}]} -> {size}      replaces everything; a crash leaves the old file or the new one
//   close   {}                 -> {}                 closes the journal, so that another tab can open it
//   destroy {}                 -> {}                 closes and removes
//
// Error codes: busy (another tab or worker has it), unsupported (no private file system: private mode, old browser),
// quota (the device is full; nothing was written), too_large, bad_request, not_open, already_open,
// io (the device refused; open again before the next append, because the end of the file is unknown).
//
// journal-frames.js describes the bytes of the files.

import { HEADER_BYTES, JournalError, decodeGeneration, encodeFrames, encodeHeader, scan } from './journal-frames.js';

// A reloaded page may ask before the browser has released the file of the old page.
const BUSY_ATTEMPTS = 10;
const BUSY_WAIT_MS = 100;

const isQuota = (error) => error?.name === 'QuotaExceededError';
const asJournalError = (error) =>
  error instanceof JournalError ? error : new JournalError(isQuota(error) ? 'quota' : 'io', `${error?.name}: ${error?.message}`);

function readAll(handle) {
  const file = new Uint8Array(handle.getSize());
  const count = handle.read(file, { at: 0 });
  if (count !== file.length) throw new JournalError('io', `read: found ${count} bytes, allowed ${file.length}`);
  return file;
}

/** On a full device Firefox writes fewer bytes and throws nothing, so the count must be checked. */
function writeAll(handle, bytes, at) {
  const count = handle.write(bytes, { at });
  if (count !== bytes.length) throw new JournalError('quota', `write: found ${count} bytes written, allowed ${bytes.length}`);
}

/** Two files that act as one journal. `handles` are their two sync access handles. */
export class Journal {
  constructor(handles) {
    this.handles = handles;
    this.broken = false;
  }

  open() {
    const slots = this.handles.map((handle) => {
      const file = readAll(handle);
      return { generation: decodeGeneration(file), ...scan(file) };
    });
    const [a, b] = slots;
    // Without a readable header in either file, the file with more whole frames is safer.
    const second = b.generation === a.generation ? b.frames.length > a.frames.length : b.generation > a.generation;
    this.active = second ? 1 : 0;
    const slot = slots[this.active];
    const handle = this.handles[this.active];
    this.generation = Math.max(slot.generation, 1);
    this.size = Math.max(slot.end, HEADER_BYTES);
    if (slot.generation === 0) writeAll(handle, encodeHeader(this.generation), 0);
    if (slot.torn_bytes > 0) handle.truncate(this.size);
    if (slot.generation === 0 || slot.torn_bytes > 0) handle.flush();
    const { frames, torn_bytes, damaged_bytes } = slot;
    if (slot.generation > 0) this.empty(this.handles[1 - this.active]);
    return { frames, size: this.size, torn_bytes, damaged_bytes };
  }

  append(frames) {
    this.refuseWhenBroken();
    const bytes = encodeFrames(frames);
    const handle = this.handles[this.active];
    try {
      writeAll(handle, bytes, this.size);
    } catch (error) {
      this.rollBack(handle);
      throw asJournalError(error);
    }
    try {
      handle.flush();
    } catch (error) {
      // After a refused flush, a second flush may succeed without having written anything. Only reading the file again
      // can tell.
      this.rollBack(handle);
      this.broken = true;
      throw asJournalError(error);
    }
    this.size += bytes.length;
    return { size: this.size };
  }

  rollBack(handle) {
    try {
      handle.truncate(this.size);
      handle.flush();
    } catch {
      this.broken = true;
    }
  }

  rewrite(frames) {
    this.refuseWhenBroken();
    const bytes = encodeFrames(frames);
    const other = 1 - this.active;
    const handle = this.handles[other];
    try {
      handle.truncate(0);
      // Frames first, header last: until the header is whole, this file has no generation and the old file counts.
      writeAll(handle, bytes, HEADER_BYTES);
      handle.flush();
      writeAll(handle, encodeHeader(this.generation + 1), 0);
      handle.flush();
    } catch (error) {
      this.abandon(handle);
      throw asJournalError(error);
    }
    this.active = other;
    this.generation += 1;
    this.size = HEADER_BYTES + bytes.length;
    this.empty(this.handles[1 - other]);
    return { size: this.size };
  }

  /**
   * Empties the unused file, because it may still hold what the server took back. If that fails or the tab dies first,
   * the next start does it.
   */
  empty(handle) {
    try {
      handle.truncate(0);
      handle.flush();
    } catch {
      // Its generation is lower, so it does not count.
    }
  }

  /** Empties an incomplete new file, so that its generation does not exceed that of the file in use. */
  abandon(handle) {
    try {
      handle.truncate(0);
      handle.flush();
    } catch {
      this.broken = true;
    }
  }

  refuseWhenBroken() {
    if (this.broken) throw new JournalError('io', 'journal: the device refused an earlier write; open it again');
  }

  close() {
    for (const handle of this.handles) handle.close();
  }
}

const FILES = (name) => [`${name}.0.journal`, `${name}.1.journal`];

async function lock(file) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      if (error?.name !== 'NoModificationAllowedError') throw new JournalError('unsupported', `${error?.name}: ${error?.message}`);
      if (attempt === BUSY_ATTEMPTS) throw new JournalError('busy', 'name: open in another tab, allowed one tab at a time');
    }
    await new Promise((done) => setTimeout(done, BUSY_WAIT_MS));
  }
}

async function privateFolder() {
  try {
    return await navigator.storage.getDirectory();
  } catch (error) {
    throw new JournalError('unsupported', `no private file system: ${error?.message ?? 'not offered by this browser'}`);
  }
}

/** Answers the messages described at the top, one after the other. */
export class Desk {
  constructor(folder = privateFolder) {
    this.folder = folder;
    this.journal = null;
    this.name = null;
  }

  async answer({ id, type, ...request }) {
    try {
      return { id, ok: true, ...(await this.act(type, request)) };
    } catch (error) {
      const { code, message } = asJournalError(error);
      return { id, ok: false, error: { code, message } };
    }
  }

  async act(type, { name, frames }) {
    if (type === 'open') return this.open(name);
    if (!['append', 'rewrite', 'close', 'destroy'].includes(type)) throw new JournalError('bad_request', `type: found ${type}`);
    if (!this.journal) throw new JournalError('not_open', `${type}: no journal is open`);
    if (type === 'append') return this.journal.append(frames);
    if (type === 'rewrite') return this.journal.rewrite(frames);
    this.journal.close();
    this.journal = null;
    if (type === 'destroy') {
      const folder = await this.folder();
      for (const file of FILES(this.name)) await folder.removeEntry(file);
    }
    return {};
  }

  async open(name) {
    if (this.journal) throw new JournalError('already_open', `name: ${this.name} is open, close it first`);
    if (!/^[a-z0-9_-]{1,64}$/.test(name)) throw new JournalError('bad_request', `name: found ${name}, allowed a-z 0-9 - _`);
    const folder = await this.folder();
    const handles = [];
    try {
      for (const file of FILES(name)) handles.push(await lock(await folder.getFileHandle(file, { create: true })));
      const journal = new Journal(handles);
      const found = journal.open();
      this.journal = journal;
      this.name = name;
      return found;
    } catch (error) {
      for (const handle of handles) handle.close();
      throw error;
    }
  }
}

if (typeof DedicatedWorkerGlobalScope !== 'undefined' && self instanceof DedicatedWorkerGlobalScope) {
  const desk = new Desk();
  let last = Promise.resolve();
  self.onmessage = ({ data }) => {
    last = last.then(() => desk.answer(data)).then((answer) => self.postMessage(answer));
  };
}
