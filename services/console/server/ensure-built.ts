import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

const ROOT = join(import.meta.dirname, '..');
/** What the pages are made from. The contracts are only types to them, so they are not in the list. */
const SOURCES = ['package.json', 'vite.config.ts', 'index.html', 'src/**/*.*', 'public/**/*.*'];
const STAMP = '.sources';

export const CONSOLE_DIST = join(ROOT, 'dist');

/**
 * Builds the pages when `dist/` is missing or older than its sources, and says so through `progress`. A few
 * milliseconds when there is nothing to do. Answers whether it built. A build that is cut off leaves the old pages.
 */
export const ensureConsoleBuilt = async (progress: (line: string) => void, dist = CONSOLE_DIST): Promise<boolean> => {
  const hash = hashOfSources();
  const stamp = join(dist, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;

  progress('Building the console …');
  const startedMs = performance.now();
  const fresh = `${dist}.${process.pid}`;
  try {
    await buildInto(fresh);
    writeFileSync(join(fresh, STAMP), hash);
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  progress(`Console built in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  return true;
};

/** In a process of its own: the bundler keeps some 600 MB, and whoever asks may serve the pages for months. */
const buildInto = async (folder: string): Promise<void> => {
  const building = execFileAsync(process.execPath, [join(import.meta.dirname, 'build-pages.ts'), folder]);
  const stop = (): void => void building.child.kill();
  process.once('exit', stop);
  try {
    await building;
  } finally {
    process.off('exit', stop);
  }
};

const hashOfSources = (): string => {
  const hash = createHash('sha256');
  for (const file of globSync(SOURCES, { cwd: ROOT }).toSorted()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
};
