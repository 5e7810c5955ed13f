import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { whenChanged } from './when-changed.ts';

/** Each service's Prisma client, only where its schema or Prisma itself changed. */
export const generateClients = async (): Promise<void> => {
  await Promise.all(globSync('services/*/prisma/schema.prisma').map(generate));
};

const generate = async (schema: string): Promise<void> => {
  const service = dirname(dirname(schema));
  const output = join(service, 'src/persistence/generated');
  const files = [join(service, 'node_modules/prisma/package.json'), schema];
  if (await whenChanged({ stamp: join(output, '.hash'), files }, () => run(service))) {
    process.stdout.write(`generated ${output}\n`);
  }
};

/** Generation is WebAssembly and needs no engine: any real executable keeps Prisma from downloading one. */
const ENVIRONMENT = {
  ...process.env,
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
};

const run = (service: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('node_modules/.bin/prisma', ['generate'], {
      cwd: service,
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => out.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`prisma generate failed in ${service}:\n${Buffer.concat(out).toString()}`));
    });
  });
