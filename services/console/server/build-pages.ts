import { join } from 'node:path';

import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..');
const [outDir] = process.argv.slice(2);
if (outDir === undefined) throw new Error('usage: build-pages.ts FOLDER');

await build({
  root: ROOT,
  configFile: join(ROOT, 'vite.config.ts'),
  logLevel: 'error',
  build: { outDir, emptyOutDir: true },
});
