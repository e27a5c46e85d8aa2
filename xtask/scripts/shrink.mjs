// Reads a module on standard input and writes the same module, as short as terser makes it.
import { text } from 'node:stream/consumers';
import { minify } from 'terser';

// Nothing in these scripts is called with `new` or with another `this`, so functions may become arrows.
const compress = { passes: 3, unsafe_arrows: true, unsafe_methods: true };
const { code } = await minify(await text(process.stdin), { ecma: 2022, module: true, compress });
process.stdout.write(code);
