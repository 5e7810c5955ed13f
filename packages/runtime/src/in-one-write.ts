import { type Writable } from 'node:stream';

/** What is said at once leaves at once: each write of its own is a system call, and wakes who reads it. */
export const inOneWrite = <Said>(stream: Pick<Writable, 'cork' | 'uncork'>, say: () => Said): Said => {
  stream.cork();
  try {
    return say();
  } finally {
    stream.uncork();
  }
};
