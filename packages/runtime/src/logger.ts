import { pino } from 'pino';

import { holdsCardNumber, maskCardNumbers } from './card-number.ts';

/** Of what a child adds to every line nothing is masked, so it may add its service's name alone. */
export interface Logger extends Omit<pino.Logger, 'child'> {
  child(added: { readonly service: string }): Logger;
}

export interface LoggerOptions {
  readonly service: string;
  readonly level: pino.LevelWithSilent;
  /** Where lines go; default: standard output, flushed at exit. */
  readonly destination?: pino.DestinationStream;
}

const SECRET_KEYS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'apiKey',
  'clientSecret',
  'privateKey',
]);
const SECRET_DEPTH = 3;

/** Lines are written together: each write of its own is a system call, and a request has one line. */
const GATHER_BYTES = 32 * 1024;
const GATHER_MS = 100;

/**
 * A JSON logger that cannot print what must not be kept: `Secret` values mask themselves, well-known secret fields are
 * removed up to three levels down, and anything that passes for a card number is replaced in the finished line.
 */
export const makeLogger = ({ service, level, destination }: LoggerOptions): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: makeTimestamp(),
      formatters: {
        level: (label) => ({ level: label }),
        log: withoutSecrets,
      },
      serializers: { err: toldError, error: toldError },
      hooks: { streamWrite: withoutCardNumbers },
    },
    destination ?? standardOutput(),
  );

/** As pino's own, with the text of the last millisecond remembered: making it is a good part of making a line. */
const makeTimestamp = (): (() => string) => {
  let [atMs, text] = [Number.NaN, ''];
  return () => {
    const nowMs = Date.now();
    if (nowMs !== atMs) [atMs, text] = [nowMs, `,"time":"${new Date(nowMs).toISOString()}"`];
    return text;
  };
};

/** What is left is written when the process ends. */
const standardOutput = (): pino.DestinationStream =>
  pino.destination({
    fd: 1,
    sync: false,
    minLength: GATHER_BYTES,
    maxWrite: 2 * GATHER_BYTES,
    periodicFlush: GATHER_MS,
  });

/** By hand: pino's own way walks every path of every line, which took a tenth of the gateway's time. */
const withoutSecrets = (fields: Record<string, unknown>, depth = 1): Record<string, unknown> => {
  let masked: Record<string, unknown> | null = null;
  for (const [key, value] of Object.entries(fields)) {
    const told = SECRET_KEYS.has(key) ? '[secret]' : toldValue(value, depth);
    if (told === value) continue;
    masked ??= { ...fields };
    masked[key] = told;
  }
  return masked ?? fields;
};

/** Errors have a teller of their own, and what has a `toJSON` (a `Secret`, a date) tells itself. */
const toldValue = (value: unknown, depth: number): unknown => {
  if (depth === SECRET_DEPTH || !isNest(value)) return value;
  return Array.isArray(value) ? value.map((each) => toldValue(each, depth + 1)) : withoutSecrets(value, depth + 1);
};

const isNest = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Error) && !('toJSON' in value);

const CAUSES_MAX = 4;

/**
 * What helps to find the cause, by name: drivers hang whole connections on their errors, with statements and values.
 */
const toldError = (thrown: unknown, depth = 0): unknown => {
  if (!(thrown instanceof Error)) return thrown;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? { code: thrown.code } : {};
  const cause = thrown.cause === undefined || depth === CAUSES_MAX ? {} : { cause: toldError(thrown.cause, depth + 1) };
  return { type: thrown.name, message: thrown.message, ...code, stack: thrown.stack, ...cause };
};

/** Only strings are touched: a number in JSON may be an amount, and its line must stay valid JSON. */
const withoutCardNumbers = (line: string): string => {
  if (!holdsCardNumber(line)) return line;
  return `${JSON.stringify(JSON.parse(line, (_key, value: unknown) => (typeof value === 'string' ? maskCardNumbers(value) : value)))}\n`;
};
