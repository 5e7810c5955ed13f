import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { z } from 'zod';

const SECONDS = 4;
const CONNECTIONS = 50;

/** One kind of request, asked over and over. */
export interface Target {
  readonly url: string;
  /** A POST of this JSON; without one it is a GET. */
  readonly body?: string;
  readonly token?: string;
}

const Report = z.object({ '2xx': z.number(), non2xx: z.number(), errors: z.number(), duration: z.number() });

/** Requests per second that were answered well, asked by a process of its own; any other answer ends the bench. */
export const fire = async ({ url, body, token }: Target, seconds = SECONDS): Promise<number> => {
  const flags = ['--json', '-n', '-c', String(CONNECTIONS), '-d', String(seconds)];
  if (body !== undefined) flags.push('-m', 'POST', '-H', 'content-type:application/json', '-b', body);
  if (token !== undefined) flags.push('-H', `authorization: Bearer ${token}`);
  const autocannon = fileURLToPath(import.meta.resolve('autocannon'));
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...flags, url]);
  const report = Report.parse(JSON.parse(stdout));
  if (report.non2xx + report.errors > 0) throw new Error(`${report.non2xx} refusals and ${report.errors} errors`);
  return Math.round(report['2xx'] / report.duration);
};

export interface BareServer {
  readonly url: string;
  /** What it answers from now on, where it takes that. */
  tell(body: string): void;
  stop(): void;
}

/** A process that serves one bare route: the limit that a figure of ours stands beside. */
export const startBare = async (file: URL): Promise<BareServer> => {
  const child: ChildProcess = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const message = z.tuple([z.object({ port: z.number() })]).rest(z.unknown());
  const [{ port }] = message.parse(await once(child, 'message'));
  return {
    url: `http://127.0.0.1:${port}`,
    tell: (body) => {
      child.send(body);
    },
    stop: () => child.disconnect(),
  };
};
