// A device: one Chromium with its own profile folder, which is kept when Chromium is closed or killed.

import { readFileSync, readdirSync } from 'node:fs';
import { env, kill } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const EXECUTABLE = env.CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const PORTRAIT = { width: 800, height: 1280 };
export const LANDSCAPE = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

const OPTIONS = { executablePath: EXECUTABLE, args: ARGUMENTS, headless: true };
const VIEW = { locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', acceptDownloads: true };

/** Launches once more if Chromium itself fails before it has a page, as happens at times on a busy machine. */
const launched = (launch) =>
  launch().catch((error) => {
    console.error(`Chromium did not start: ${error.message.split('\n')[0]}`);
    return launch();
  });

/**
 * Opens the device with the profile folder `profile`. `errors` collects what its pages throw.
 * @returns {Promise<{context: object, page: object, profile: string, errors: string[]}>}
 */
export async function tablet(profile, viewport = PORTRAIT, more = []) {
  const options = { ...OPTIONS, args: [...ARGUMENTS, ...more] };
  const context = await launched(() => chromium.launchPersistentContext(profile, { ...options, ...VIEW, viewport }));
  return { ...(await watched(context)), profile };
}

/** A private window: it forgets everything when it is closed. */
export async function guest(viewport = PORTRAIT) {
  const browser = await launched(() => chromium.launch(OPTIONS));
  const device = await watched(await browser.newContext({ ...VIEW, viewport }));
  return { ...device, browser };
}

async function watched(context) {
  const errors = [];
  context.on('weberror', (event) => errors.push(String(event.error())));
  // What the program said before it threw: where it panicked.
  context.on('console', (message) => {
    if (message.text().includes('panicked at')) errors.push(message.text());
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return { context, page, errors };
}

/** Closes the device as a person does. */
export async function closeTablet({ context, browser }) {
  await context.close();
  await browser?.close();
}

/**
 * Ends every process of the device with SIGKILL, as an empty battery does. Only processes with its profile folder are
 * killed.
 */
export async function killTablet(opened) {
  const pids = processesOf(opened.profile);
  if (pids.length === 0) throw new Error(`no Chromium runs with the profile ${opened.profile}`);
  for (const pid of pids) {
    try {
      kill(pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
  await opened.context.close().catch(() => {});
  while (processesOf(opened.profile).length > 0) await wait(20);
}

/** The browser process with this profile, and all its descendants. */
function processesOf(profile) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).map(look).filter(Boolean);
  const tree = new Set(all.filter(({ command }) => command.includes(`--user-data-dir=${profile}`)).map(({ pid }) => pid));
  for (let size = -1; size !== tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return [...tree];
}

function look(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    if (/^State:\s+Z/m.test(status)) return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { pid, parent: Number(/^PPid:\s+(\d+)/m.exec(status)[1]), command };
  } catch {
    return null;
  }
}
