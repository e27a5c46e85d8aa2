// Reads a module on standard input and writes the same module, as short as terser makes it.
import { text } from 'node:stream/consumers';
import { minify } from 'terser';

const { code } = await minify(await text(process.stdin), { ecma: 2020, module: true, compress: { passes: 3 } });
process.stdout.write(code);
