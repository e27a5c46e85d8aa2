// The network link between a device and the server: a TCP relay in front of the real server. It can be clear, slow with
// cuts, down, or a captive portal.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** 50 kbit/s each way, shared by all connections. */
const BYTES_PER_MS = 50_000 / 8 / 1000;
const ROUND_TRIP_MS = [1400, 2000];
const CUT_PERCENT = 30;
/**
 * The largest number of bytes after which a connection is cut, counted both ways: within headers, a batch or an answer.
 */
const CUT_BYTES_MAX = 3000;
const PORTAL_PAGE = '<!doctype html><title>WiFi</title><h1>Mua gói mạng để tiếp tục</h1>';

export class Link {
  constructor(draw) {
    this.draw = draw;
    this.mode = 'clear';
    this.open = new Set();
    this.free = { up: 0, down: 0 };
    this.connections = 0;
    this.cuts = 0;
    /** Requests that never arrive: their connection breaks. */
    this.swallows = null;
    this.swallowed = 0;
  }

  async listen(t) {
    this.relay = createServer((socket) => this.accept(socket));
    this.relay.listen(0, '127.0.0.1');
    await once(this.relay, 'listening');
    t.after(() => this.close());
    this.port = this.relay.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  close() {
    this.hangUp();
    this.relay.close();
  }

  /** Switches to `clear`, `slow`, `portal` or `down`; existing connections are closed. */
  become(mode) {
    this.mode = mode;
    this.hangUp();
  }

  hangUp() {
    for (const socket of this.open) socket.destroy();
  }

  accept(socket) {
    this.keep(socket);
    if (this.mode === 'down') return socket.destroy();
    if (this.mode === 'portal') return answerAsPortal(socket);
    const office = connect(this.officePort, '127.0.0.1');
    this.keep(office);
    const slow = this.mode === 'slow';
    const call = { oneWayMs: slow ? this.draw.between(...ROUND_TRIP_MS) / 2 : 0, left: Infinity, slow, ends: [socket, office] };
    this.connections += Number(slow);
    if (slow && this.draw.below(100) < CUT_PERCENT) call.left = 1 + this.draw.below(CUT_BYTES_MAX);
    this.carry(socket, office, 'up', call);
    this.carry(office, socket, 'down', call);
  }

  keep(socket) {
    this.open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.open.delete(socket));
  }

  /** Forwards everything from one end to the other, in order, with the delay of the line. */
  carry(from, to, way, call) {
    // The first bytes also wait for the handshake.
    let last = Date.now() + 2 * call.oneWayMs * Number(way === 'up');
    const later = (bytes, act) => {
      if (!call.slow) return act();
      const begun = Math.max(Date.now(), this.free[way]);
      this.free[way] = begun + bytes / BYTES_PER_MS;
      last = Math.max(last, this.free[way] + call.oneWayMs);
      setTimeout(act, last - Date.now());
    };
    from.on('data', (chunk) => {
      if (way === 'up' && this.swallows?.test(chunk.toString('latin1'))) return this.swallow(call);
      later(chunk.length, () => this.deliver(chunk, to, call));
    });
    from.on('close', () => later(0, () => to.end()));
  }

  swallow({ ends }) {
    this.swallowed += 1;
    for (const end of ends) end.destroy();
  }

  deliver(chunk, to, call) {
    if (call.left <= 0 || to.destroyed) return;
    to.write(chunk.subarray(0, Math.min(chunk.length, call.left)));
    call.left -= chunk.length;
    if (call.left > 0) return;
    this.cuts += 1;
    for (const end of call.ends) end.destroySoon();
  }
}

/** Answers 200 to everything, with a page of its own. */
function answerAsPortal(socket) {
  const bytes = Buffer.byteLength(PORTAL_PAGE);
  socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: ${bytes}\r\nconnection: close\r\n\r\n${PORTAL_PAGE}`));
  socket.resume();
}
