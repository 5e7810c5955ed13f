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
      hooks: { streamWrite: withoutCardNumbers },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  );

/** Only strings are touched: a number in JSON may be an amount, and its line must stay valid JSON. */
const withoutCardNumbers = (line: string): string => {
  if (!holdsCardNumber(line)) return line;
  return `${JSON.stringify(JSON.parse(line, (_key, value: unknown) => (typeof value === 'string' ? masked(value) : value)))}\n`;
};

const masked = (text: string): string =>
  findCardNumbers(text)
    .toSorted((left, right) => right.length - left.length)
    .reduce((masking, found) => masking.replaceAll(found, '[card number]'), text);
