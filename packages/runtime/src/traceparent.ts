import { randomFillSync } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A new trace, not sampled: it ties log lines and messages together also where no collector runs. */
export const newTraceparent = (): string => `00-${randomHex(16)}-${randomHex(8)}-00`;

/** The next span of the same trace; an unusable parent starts a new trace. */
export const childTraceparent = (parent: string | null | undefined): string => {
  const match = TRACEPARENT.exec(parent ?? '');
  return match === null ? newTraceparent() : `00-${match[1]}-${randomHex(8)}-${match[3]}`;
};

const pool = Buffer.alloc(4096);
let used = pool.length;

/** From a pool: every request and message needs some, and each asking of the system costs a microsecond. */
const randomHex = (bytes: number): string => {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
};
