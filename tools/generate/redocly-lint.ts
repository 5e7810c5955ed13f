import { spawn } from 'node:child_process';

/** Fails with redocly's own words when the document is not valid OpenAPI. */
export const redoclyLint = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('node_modules/.bin/redocly', ['lint', path, '--format=stylish'], {
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => out.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`redocly lint ${path}:\n${Buffer.concat(out).toString()}`));
    });
  });
