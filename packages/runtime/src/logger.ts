import { pino } from 'pino';

import { findCardNumbers, holdsCardNumber } from './card-number.ts';

export type Logger = pino.Logger;

export interface LoggerOptions {
  readonly service: string;
  readonly level: pino.LevelWithSilent;
  /** Where lines go; default: standard output, flushed at exit. */
  readonly destination?: pino.DestinationStream;
}

const SECRET_KEYS = ['authorization', 'cookie', 'password', 'secret', 'token', 'apiKey', 'clientSecret', 'privateKey'];

/**
 * A JSON logger that cannot print what must not be kept: `Secret` values mask themselves, well-known secret fields are
 * removed up to three levels down, and anything that passes for a card number is replaced in the finished line.
 */
export const makeLogger = ({ service, level, destination }: LoggerOptions): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
        censor: '[secret]',
      },
      serializers: { err: toldError, error: toldError },
      hooks: { streamWrite: withoutCardNumbers },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  );

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
  return `${JSON.stringify(JSON.parse(line, (_key, value: unknown) => (typeof value === 'string' ? masked(value) : value)))}\n`;
};

const masked = (text: string): string =>
  findCardNumbers(text)
    .toSorted((left, right) => right.length - left.length)
    .reduce((masking, found) => masking.replaceAll(found, '[card number]'), text);
