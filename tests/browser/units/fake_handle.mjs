// A sync access handle in memory that fails on demand. Only these unit tests use it; the browser tests use the real
// one.

export class FakeHandle {
  constructor(bytes = new Uint8Array()) {
    this.bytes = bytes;
    this.faults = {};
    this.stepsToLive = Infinity;
  }

  getSize() {
    return this.bytes.length;
  }

  read(target, { at }) {
    const part = this.bytes.subarray(at, at + target.length);
    target.set(part);
    return part.length;
  }

  write(source, { at }) {
    if (this.faults.write === 'throw') throw Object.assign(new Error('no room'), { name: 'QuotaExceededError' });
    const wanted = this.faults.write === 'short' ? Math.floor(source.length / 2) : source.length;
    const count = Math.min(wanted, this.stepsToLive);
    const grown = new Uint8Array(Math.max(this.bytes.length, at + count));
    grown.set(this.bytes);
    grown.set(source.subarray(0, count), at);
    this.bytes = grown;
    this.live(wanted);
    return count;
  }

  truncate(size) {
    if (this.faults.truncate) throw new Error('device gone');
    this.live(1);
    this.bytes = this.bytes.slice(0, size);
  }

  flush() {
    if (this.faults.flush) throw new Error('device gone');
    this.live(1);
  }

  close() {
    this.closed = true;
  }

  /**
   * Every byte written and every call is a step. When the steps are used up, the process is dead and changes nothing
   * more.
   */
  live(steps) {
    this.stepsToLive = Math.max(this.stepsToLive - steps, -1);
    if (this.stepsToLive < 0) {
      this.stepsToLive = 0;
      throw new Error('the process has died');
    }
  }
}
