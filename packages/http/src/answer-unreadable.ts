import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http';
import { type Duplex } from 'node:stream';

import { makeNewId, platformErrors, platformFail } from '@quittance/kernel';
import { systemWallClock } from '@quittance/runtime';

import { toProblem } from './problem.ts';

const newId = makeNewId(() => systemWallClock.nowMs());

/** What of HTTP we do not take, and how its sender is told. */
export interface Unreadable {
  readonly status: 400 | 408 | 417 | 431;
  readonly detail: string;
}

/** What cannot be read as HTTP never becomes a request; its sender is told in the words of every other refusal. */
export const answerUnreadable = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  endSocket(ANSWERS[error.code ?? ''] ?? NOT_HTTP, socket);
};

/** CONNECT asks for a tunnel: it comes with a socket and without an answer. */
export const refuseTunnel = (_request: IncomingMessage, socket: Duplex): void => {
  // Nobody else listens to it any more.
  socket.on('error', () => socket.destroy());
  endSocket(NO_PROXY, socket);
};

/** Node would answer these itself, without a word. */
export const answerRefused = ({ status, detail }: Unreadable, response: ServerResponse): void => {
  const { headers, body } = toAnswer({ status, detail });
  response.writeHead(status, headers).end(body);
};

export const FOREIGN_EXPECTATION: Unreadable = { status: 417, detail: 'Expect may only be 100-continue.' };

/** RFC 9112: a request names one host, or is none. Null when it does; which one it is decides nothing here. */
export const hostTrouble = ({ httpVersionMinor, headers, rawHeaders }: IncomingMessage): Unreadable | null => {
  const { host } = headers;
  if (host === undefined) return httpVersionMinor === 0 ? null : ONE_HOST;
  if (/[^\x21-\x7e]|[/?#@\\]/.test(host)) return ONE_HOST;
  return hostsIn(rawHeaders) === 1 ? null : ONE_HOST;
};

/** Names and values in turn. Every request comes through here: nothing is made for it. */
const hostsIn = (rawHeaders: readonly string[]): number => {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
};

const endSocket = ({ status, detail }: Unreadable, socket: Duplex): void => {
  const { headers, body } = toAnswer({ status, detail });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
};

const toAnswer = ({ status, detail }: Unreadable) => {
  const id = newId('req');
  const problem = toProblem(platformFail('platform.unreadable_request', detail), id, platformErrors);
  const body = JSON.stringify({ ...problem, status });
  const headers = {
    'content-type': 'application/problem+json',
    'x-request-id': id,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
  };
  return { headers, body };
};

const NOT_HTTP: Unreadable = { status: 400, detail: 'The request is not HTTP as we read it.' };
const ONE_HOST: Unreadable = { status: 400, detail: 'The request must name one host in its Host header.' };
const NO_PROXY: Unreadable = { status: 400, detail: 'This is no proxy: CONNECT leads nowhere from here.' };

const ANSWERS: Readonly<Record<string, Unreadable>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The address and headers together are longer than 16 KiB.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not arrive in time.' },
};
