/** True for an error of Node's with this code (`EEXIST`, `EADDRINUSE`, …). */
export const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
