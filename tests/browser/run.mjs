// Runs the browser tests: `node run.mjs`, or `node run.mjs --only NAME` for `stories/NAME.test.mjs`.
// `cargo xtask test --only browser` builds what they need first.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv, execPath, exit } from 'node:process';
import { parseArgs } from 'node:util';

const folder = join(import.meta.dirname, 'stories');
const { values } = parseArgs({ args: argv.slice(2), options: { only: { type: 'string', multiple: true } } });
const all = readdirSync(folder).filter((name) => name.endsWith('.test.mjs')).sort();
const chosen = values.only ? values.only.map((name) => `${name}.test.mjs`) : all;
const unknown = chosen.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`--only: found ${unknown.join(', ')}, allowed ${all.join(', ')} without .test.mjs`);
  exit(2);
}
// Three at a time for two processors, because a test often waits. Forced exit ends what a failed test left running.
const options = ['--test', '--test-reporter=spec', '--test-concurrency=3', '--test-force-exit'];
const { status } = spawnSync(execPath, [...options, ...chosen.map((name) => join(folder, name))], { stdio: 'inherit' });
exit(status ?? 1);
