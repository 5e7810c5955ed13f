import { timingSafeEqual } from 'node:crypto';

const MASK = '[secret]';

/** A value that logs, JSON and errors cannot print. Only `reveal()` shows it; grep for that. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** Constant time for equal lengths; the length itself is not secret. */
  equals(candidate: string): boolean {
    const ours = Buffer.from(this.#value);
    const theirs = Buffer.from(candidate);
    return ours.length === theirs.length && timingSafeEqual(ours, theirs);
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}
