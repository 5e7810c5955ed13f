/** A broken assertion is our bug, never the caller's: it answers as `platform.internal`. */
export class AssertionFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AssertionFailed';
  }
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}

/** For the `default` of a switch over a union: a new member does not compile. */
export const assertNever = (value: never): never => {
  throw new AssertionFailed(`Unexpected value: ${JSON.stringify(value)}`);
};

/** The value, or a failed assertion that says what was missing. */
export const must = <T>(value: T | null | undefined, what: string): T => {
  assert(value !== null && value !== undefined, `Missing: ${what}`);
  return value;
};
