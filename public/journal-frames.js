// The byte format of the journal: pure functions, used by journal-worker.js.
//
// There are two files, `<name>.0.journal` and `<name>.1.journal`. The one with the higher generation counts.
//   file  = "CTJ1", u32 generation, u32 CRC-32 of those eight bytes, frames
//   frame = 0xC7, 0x01 (format), u32 length of bytes, u32 CRC-32 of kind and bytes, u8 kind, bytes      (little-endian)

export const HEADER_BYTES = 12;
export const FRAME_HEADER_BYTES = 11;
export const FRAME_BYTES_MAX = 1 << 20;
const MAGIC = [0x43, 0x54, 0x4a, 0x31];
const FRAME_MARK = 0xc7;
const FRAME_FORMAT = 0x01;

export class JournalError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});

export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}

export function encodeHeader(generation) {
  const out = new Uint8Array(HEADER_BYTES);
  const view = new DataView(out.buffer);
  out.set(MAGIC);
  view.setUint32(4, generation, true);
  view.setUint32(8, crc32(out.subarray(0, 8)), true);
  return out;
}

/** The generation in a file's first bytes; 0 when they are missing or damaged. */
export function decodeGeneration(file) {
  if (file.length < HEADER_BYTES || MAGIC.some((byte, i) => file[i] !== byte)) return 0;
  const view = new DataView(file.buffer, file.byteOffset, HEADER_BYTES);
  return view.getUint32(8, true) === crc32(file.subarray(0, 8)) ? view.getUint32(4, true) : 0;
}

export function encodeFrames(frames) {
  if (!Array.isArray(frames)) throw new JournalError('bad_request', 'frames: found no list, allowed a list of {kind, bytes}');
  const total = frames.reduce((sum, frame, i) => sum + FRAME_HEADER_BYTES + checkFrame(frame, i), 0);
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const { kind, bytes } of frames) {
    const body = out.subarray(at + 10, at + FRAME_HEADER_BYTES + bytes.length);
    out[at] = FRAME_MARK;
    out[at + 1] = FRAME_FORMAT;
    body[0] = kind;
    body.set(bytes, 1);
    view.setUint32(at + 2, bytes.length, true);
    view.setUint32(at + 6, crc32(body), true);
    at += FRAME_HEADER_BYTES + bytes.length;
  }
  return out;
}

function checkFrame(frame, i) {
  const { kind, bytes } = frame ?? {};
  if (!Number.isInteger(kind) || kind < 0 || kind > 255) {
    throw new JournalError('bad_request', `frames[${i}].kind: found ${kind}, allowed 0 to 255`);
  }
  if (!(bytes instanceof Uint8Array)) {
    throw new JournalError('bad_request', `frames[${i}].bytes: found ${typeof bytes}, allowed a Uint8Array`);
  }
  if (bytes.length > FRAME_BYTES_MAX) {
    throw new JournalError('too_large', `frames[${i}].bytes: found ${bytes.length} bytes, allowed ${FRAME_BYTES_MAX}`);
  }
  return bytes.length;
}

/** The frame that begins at `at`; null when there is no whole frame. */
function frameAt(file, view, at) {
  if (at + FRAME_HEADER_BYTES > file.length || file[at] !== FRAME_MARK || file[at + 1] !== FRAME_FORMAT) return null;
  const length = view.getUint32(at + 2, true);
  const end = at + FRAME_HEADER_BYTES + length;
  if (length > FRAME_BYTES_MAX || end > file.length) return null;
  if (view.getUint32(at + 6, true) !== crc32(file.subarray(at + 10, end))) return null;
  return { offset: at, kind: file[at + 10], bytes: file.subarray(at + FRAME_HEADER_BYTES, end), end };
}

/** Every whole frame, also those after a damaged part; `end` is where the last one ends. */
export function scan(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const frames = [];
  let end = Math.min(HEADER_BYTES, file.length);
  let damaged = 0;
  for (let at = HEADER_BYTES; at < file.length; ) {
    const frame = frameAt(file, view, at);
    if (frame) {
      damaged += at - end;
      end = frame.end;
      frames.push({ offset: frame.offset, kind: frame.kind, bytes: frame.bytes });
      at = frame.end;
    } else {
      const next = file.indexOf(FRAME_MARK, at + 1);
      at = next < 0 ? file.length : next;
    }
  }
  return { frames, end, damaged_bytes: damaged, torn_bytes: file.length - end };
}
