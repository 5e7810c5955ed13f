import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const OTHERS_MAY_ENTER = 0o001;

/** True when a user who is not us can come as far as this path. */
export const othersCanReach = (path: string): boolean => {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
};

/** Where things are kept that must be reached by the server although root's own folders are closed. */
export const SHARED_FOLDER = '/var/lib/quittance';

/**
 * A folder for a cluster: the one that is wanted, or, for root in a place that other users cannot enter (root's home,
 * a private temporary folder), one of its own under /var/lib/quittance: the server runs as the user postgres there.
 */
export const reachableFolder = (wanted: string): string => {
  if (process.getuid?.() !== 0 || othersCanReach(dirname(resolve(wanted)))) return wanted;
  const name = createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 16);
  return join(SHARED_FOLDER, 'clusters', name);
};

/** Makes a folder that others may enter, whatever the umask says, and its parents as they come. */
export const makeEnterable = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
};
