import { type IncomingMessage } from 'node:http';

import { platformFail } from '@quittance/kernel';

/**
 * The whole body, at most `limitBytes`. A longer one is refused by its Content-Length before a byte is read, and
 * otherwise as soon as it grows too long.
 */
export const readBody = async (request: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  refuseDeclaredLength(request, limitBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (request.destroyed) throw platformFail('platform.malformed_body', 'The connection was closed.');
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > limitBytes) {
        request.off('data', onData);
        request.pause();
        reject(tooLarge(limitBytes));
      } else chunks.push(chunk);
    };
    // Taken off again at the end: every request closes, and an error with its stack is not cheap.
    const onClose = (): void => reject(platformFail('platform.malformed_body', 'The body ended early.'));
    request.on('data', onData);
    request.once('end', () => {
      request.off('close', onClose);
      resolve(Buffer.concat(chunks));
    });
    request.once('error', () =>
      reject(platformFail('platform.malformed_body', 'The connection broke inside the body.')),
    );
    request.once('close', onClose);
  });
};

/** For routes without a body too: what is declared too long is not worth draining. */
export const refuseDeclaredLength = (request: IncomingMessage, limitBytes: number): void => {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
};

const tooLarge = (limitBytes: number) =>
  platformFail('platform.body_too_large', `This route accepts at most ${limitBytes} bytes.`, {
    details: { limitBytes },
  });

/** US-ASCII is a part of it. */
const UTF8 = /^charset="?(?:utf-?8|us-ascii)"?$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** One JSON document in UTF-8. Throws `platform.malformed_body`; its message never holds what was sent. */
export const parseJsonBody = (request: IncomingMessage, body: Buffer): unknown => {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== 'application/json' && !/^application\/[a-z0-9.+-]+\+json$/.test(type)) {
    throw platformFail('platform.malformed_body', 'Content-Type must be application/json.');
  }
  if (parameters.some((parameter) => parameter.startsWith('charset=') && !UTF8.test(parameter))) {
    throw platformFail('platform.malformed_body', 'Content-Type must say UTF-8 where it names a charset.');
  }
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw platformFail('platform.malformed_body', 'Compressed bodies are not accepted.');
  }
  try {
    const json: unknown = JSON.parse(strictUtf8.decode(body));
    return json;
  } catch {
    throw platformFail('platform.malformed_body', 'The body is not one JSON document in UTF-8.');
  }
};
