import { type Duplex } from 'node:stream';

import { makeNewId, platformErrors, platformFail } from '@quittance/kernel';
import { systemWallClock } from '@quittance/runtime';

import { toProblem } from './problem.ts';

const newId = makeNewId(() => systemWallClock.nowMs());

/** What cannot be read as HTTP never becomes a request; its sender is told in the words of every other refusal. */
export const answerUnreadable = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { status, reason, detail } = ANSWERS[error.code ?? ''] ?? NOT_HTTP;
  const id = newId('req');
  const body = JSON.stringify({
    ...toProblem(platformFail('platform.unreadable_request', detail), id, platformErrors),
    status,
  });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/problem+json\r\nx-request-id: ${id}\r\n` +
      `cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};

const NOT_HTTP = { status: 400, reason: 'Bad Request', detail: 'The request is not HTTP as we read it.' };

const ANSWERS: Readonly<Record<string, typeof NOT_HTTP>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    detail: 'The address and headers together are longer than 16 KiB.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: 'Request Timeout',
    detail: 'The request did not arrive in time.',
  },
};
