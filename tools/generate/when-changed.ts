import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Makes what is missing or out of date, and tells whether it did. `files` are those it is made from and, where they may
 * be touched by others, those that are made; what they hold then is remembered in `stamp`.
 */
export const whenChanged = async (
  { stamp, files }: { readonly stamp: string; readonly files: readonly string[] },
  make: () => Promise<void>,
): Promise<boolean> => {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digestOf(files)) return false;
  await make();
  writeFileSync(stamp, digestOf(files));
  return true;
};

const digestOf = (files: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    hash.update(JSON.stringify([file, content.length])).update(content);
  }
  return hash.digest('hex');
};
