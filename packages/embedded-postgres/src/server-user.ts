import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';

const run = promisify(execFile);

/** Whom the server runs as: null is whoever runs us. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

const NAME = 'postgres';

/** PostgreSQL refuses to run as root; for root it runs as the user `postgres`, which is made when it is missing. */
export const serverUser = async (): Promise<ServerUser> => {
  if (process.getuid?.() !== 0) return null;
  const known = await lookUp();
  if (known !== null) return known;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  } catch (error) {
    throw new EmbeddedPostgresFailed(
      'PostgreSQL does not run as root, and the user postgres could not be made for it. Run this as an ordinary user.',
      error,
    );
  }
  return lookUp();
};

const lookUp = async (): Promise<ServerUser> => {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
};
