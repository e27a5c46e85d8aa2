// Starts and stops the real server, as a person or a power cut would.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { env } from 'node:process';
import { untilMonthHolds } from './days.mjs';
import { atRoot } from './place.mjs';

const SERVER = env.CONGTAM_SERVER ?? atRoot('target/debug/congtam');
const DIST = env.CONGTAM_DIST ?? atRoot('target/dist');
const START_WAIT_MS = 20_000;

/**
 * Runs a command of `congtam` to its end and returns what it printed. An exit code other than 0 throws with the error's
 * words.
 */
export function congtam(args, input) {
  return execFileSync(SERVER, args, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
}

/** Makes a demo office that lives by a regulation in an empty folder; returns the printed table of accounts. */
export function makeDemo(data, scheme = 'nd335-congchuc', more = []) {
  untilMonthHolds();
  return congtam(['demo', '--scheme', scheme, '--data', data, ...more]);
}

/**
 * Lets the server accept decisions on months from their first day on, so that a test about this month runs on any day.
 */
export const decideFromFirstDay = (data, pack = 'nd335-congchuc', more = []) =>
  congtam(['adopt', '--data', data, '--pack', pack, '--opens-day', '1', '--decision', 'QĐ 01/QĐ-UBND (thử)', ...more]);

/**
 * Starts `congtam serve`. Port 0 takes a free port; give `server.port` to start again at the address that the devices
 * know.
 * @returns {Promise<{url: string, port: number, data: string, process: object, log: () => string}>}
 */
export async function startServer({ data, port = 0, dist = DIST }) {
  const child = spawn(SERVER, ['serve', '--data', data, '--static', dist, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const address = new Promise((resolve, reject) => {
    const read = (chunk) => {
      log += chunk;
      const found = /listening on (http:\/\/\S+)/.exec(log);
      if (found) resolve(found[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`congtam serve ended with ${code} before it listened:\n${log}`)));
    setTimeout(() => reject(new Error(`congtam serve did not listen within ${START_WAIT_MS} ms:\n${log}`)), START_WAIT_MS).unref();
  });
  const url = await address;
  return { url, port: Number(new URL(url).port), data, process: child, log: () => log };
}

/** Ends the server: SIGTERM as an operator does, SIGKILL as a power cut does. Resolves when the process is gone. */
export async function stopServer(server, signal = 'SIGTERM') {
  if (server.process.exitCode !== null || server.process.signalCode !== null) return;
  const gone = once(server.process, 'exit');
  assert.ok(server.process.kill(signal));
  await gone;
}

export { DIST };
