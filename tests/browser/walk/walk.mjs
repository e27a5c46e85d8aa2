// One walk from a seed: the people, the number of steps, and the checks at its end.

import { cpSync } from 'node:fs';
import { byId, openAndSignIn, scoreSelf, signOut, synced } from '../lib/app.mjs';
import { chance } from '../lib/chance.mjs';
import { Link } from '../lib/link.mjs';
import { openApp, screenshot } from '../lib/page.mjs';
import { folder } from '../lib/place.mjs';
import { makeDemo, startServer, stopServer } from '../lib/server.mjs';
import { closeTablet, tablet } from '../lib/tablet.mjs';
import { linger } from './entries.mjs';
import { STEPS, weighted } from './steps.mjs';
import { Walker } from './walker.mjs';
import { Witness } from './witness.mjs';

const STEPS_OF_A_WALK = 60;
/** The people on the device: one who is scored, and one who scores. */
const PEOPLE = [
  ['canbo1', 'truong1'],
  ['canbo7', 'truong2'],
  ['phucvu1', 'truong1'],
];
/** The people who have scored themselves before the walk begins, so that the superiors have something to score. */
const SCORED = ['canbo2', 'canbo6'];

/** Prepares a commune in the middle of its month, with which every walk begins. */
export async function prepare(t) {
  const data = folder('commune');
  makeDemo(data);
  const server = await startServer({ data });
  const device = await tablet(folder('before'));
  t.after(() => stopServer(server, 'SIGKILL'));
  for (const person of SCORED) {
    await openAndSignIn(device.page, server.url, person);
    await scoreSelf(device.page);
    await synced(device.page);
    await signOut(device.page);
  }
  await closeTablet(device);
  await stopServer(server);
  return data;
}

/**
 * Takes a walk, with `fault` injected into the app if one is named. Says how it ended, and lists every step of a failed
 * walk.
 * @returns {Promise<{words: string, steps: number} | undefined>} what went wrong, and in which step
 */
export async function walk({ seed, commune, fault, say }) {
  const begun = Date.now();
  const draw = chance(seed);
  const list = [];
  const cleanups = [];
  const walker = await place({ commune, say: (words) => list.push(words), after: (act) => cleanups.unshift(act) });
  Object.assign(walker, { fault, people: draw.pick(PEOPLE), texts: 0, away: 0, steps: 0 });
  let failure;
  try {
    await begin(walker);
    while (walker.steps < STEPS_OF_A_WALK) await step(walker, draw);
    await end(walker);
  } catch (error) {
    failure = { words: (error.message ?? String(error)).split('\n')[0], steps: walker.steps };
    await screenshot(walker.page, `screen-${seed}`).catch(() => {});
    say(`${list.join('\n')}\nseed ${seed}: ${error.stack ?? error}`);
  }
  for (const act of cleanups) await Promise.resolve(act()).catch((error) => say(`cleaning up: ${error.message}`));
  say(`seed ${seed}: ${failure ? 'failed' : 'nothing lost'}, ${Math.round((Date.now() - begun) / 1000)} s`);
  return failure;
}

/** A server with the commune, a link to it, and a new device. */
async function place({ commune, say, after }) {
  const data = folder('data');
  cpSync(commune, data, { recursive: true });
  const server = await startServer({ data });
  after(() => stopServer(server, 'SIGKILL'));
  const link = new Link(chance(0));
  await link.listen({ after });
  link.officePort = server.port;
  const walker = new Walker({ url: link.url, link, witness: new Witness(), profile: folder('tablet'), say });
  after(() => walker.device && walker.close());
  return walker;
}

/** Lets both people sign in at the server from this device, so that they can sign in without a network. */
async function begin(walker) {
  await walker.open();
  await openApp(walker.page, walker.url);
  const [worker, head] = walker.people;
  await walker.meet(head);
  await walker.signOut();
  await walker.meet(worker);
  await byId(walker.page, 'nav-my-month').click();
  await walker.check();
}

async function step(walker, draw) {
  walker.steps += 1;
  const reading = await walker.drawn();
  const possible = Object.entries(STEPS).filter(([, { possible }]) => possible(reading));
  const name = weighted(draw, Object.fromEntries(possible.map(([name, { weight }]) => [name, weight])));
  walker.say(`${walker.steps}. ${walker.username} at ${reading.path}, ${reading.period}: ${name}`);
  walker.say(`   ${await STEPS[name].act(walker, draw, reading)}`);
  await walker.glance();
  if (draw.below(3) === 0) await walker.check();
  else await linger(draw);
}

/** Checks that everything is still there: here, after a reload, and on a device that knows nothing. */
async function end(walker) {
  walker.say('the end: everything is looked for');
  const { witness, link, url } = walker;
  link.become('clear');
  await walker.checkEverywhere();
  // The reload discards what is in error: from here on everything is saved.
  await walker.reload();
  for (const person of witness.peopleWhoEntered()) {
    if (walker.username !== person) {
      await walker.signOut();
      await walker.signIn(person);
    }
    await walker.checkEverywhere();
    await walker.deliver();
  }
  walker.say('on another tablet');
  const other = new Walker({ url, link, witness, profile: folder('other'), say: walker.say });
  try {
    await other.open();
    await openApp(other.page, url);
    for (const person of witness.peopleWhoEntered()) {
      if (other.username) await other.signOut();
      await other.meet(person);
      await other.checkEverywhere();
    }
  } finally {
    await other.close();
  }
}

