import { isUtf8 } from 'node:buffer';
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
const BYTE_ORDER_MARK = '\uFEFF';

export type SentHeaders = Pick<IncomingMessage, 'headers'>;

/**
 * One JSON document in UTF-8. Throws `platform.unsupported_media_type` and `platform.malformed_body`; its message never
 * holds what was sent.
 */
export const parseJsonBody = (request: SentHeaders, body: Buffer): unknown => {
  requireJson(request);
  const { text, json } = decoded(body);
  // RFC 8259 leaves it to each reader which one counts: whoever looked at it on the way may have read another.
  if (membersIn(text) !== namesIn(json)) {
    throw platformFail('platform.malformed_body', 'An object of the body gives the same name twice.');
  }
  return json;
};

const requireJson = ({ headers }: SentHeaders): void => {
  if (headers['content-type'] === 'application/json' && headers['content-encoding'] === undefined) return;
  const [type = '', ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== 'application/json' && !/^application\/[a-z0-9.+-]+\+json$/.test(type)) {
    throw platformFail('platform.unsupported_media_type', 'Content-Type must be application/json.');
  }
  if (parameters.some((parameter) => parameter.startsWith('charset=') && !UTF8.test(parameter))) {
    throw platformFail('platform.unsupported_media_type', 'Content-Type must say UTF-8 where it names a charset.');
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw platformFail('platform.unsupported_media_type', 'Compressed bodies are not accepted.');
  }
};

const decoded = (body: Buffer): { readonly text: string; readonly json: unknown } => {
  if (!isUtf8(body)) throw notOneDocument();
  const whole = body.toString('utf8');
  const text = whole.startsWith(BYTE_ORDER_MARK) ? whole.slice(1) : whole;
  try {
    const json: unknown = JSON.parse(text);
    return { text, json };
  } catch {
    throw notOneDocument();
  }
};

const notOneDocument = () => platformFail('platform.malformed_body', 'The body is not one JSON document in UTF-8.');

/** How many names were given: outside of its texts, a document has one colon for each. */
const membersIn = (text: string): number => {
  let members = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === COLON) members += 1;
    else if (character === QUOTE) at = endOfText(text, at);
  }
  return members;
};

const COLON = 0x3a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the text that begins here ends; what follows a backslash is a part of it. */
const endOfText = (text: string, start: number): number => {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
};

/** How many of them are left: of two that are the same, one. By a list of its own, so that depth costs no stack. */
const namesIn = (json: unknown): number => {
  let names = 0;
  const open = [json];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inner: unknown[] = Object.values(value);
    if (!Array.isArray(value)) names += inner.length;
    for (const each of inner) open.push(each);
  }
  return names;
};
