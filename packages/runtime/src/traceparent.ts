import { randomBytes } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A new trace, not sampled: it ties log lines and messages together also where no collector runs. */
export const newTraceparent = (): string =>
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;

/** The next span of the same trace; an unusable parent starts a new trace. */
export const childTraceparent = (parent: string | null | undefined): string => {
  const match = TRACEPARENT.exec(parent ?? '');
  return match === null ? newTraceparent() : `00-${match[1]}-${randomBytes(8).toString('hex')}-${match[3]}`;
};
