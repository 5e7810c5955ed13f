import { monotonicFactory } from 'ulid';

/** `sub_01j…`: a prefix that says what it is, and a lower-case ULID that sorts by creation. */
export type Id<Prefix extends string> = `${Prefix}_${string}`;

/** The account (owner) that subscribes and pays. AuthGate chooses its form; to us it is opaque. */
export type AccountId = string & { readonly accountId: unique symbol };

const ACCOUNT_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export const isAccountId = (value: unknown): value is AccountId => typeof value === 'string' && ACCOUNT_ID.test(value);

const ULID = /^[0-9a-hjkmnp-tv-z]{26}$/;

/** True only for ids of this prefix in the one form we write. */
export const isId = <Prefix extends string>(prefix: Prefix, value: unknown): value is Id<Prefix> =>
  typeof value === 'string' && value.startsWith(`${prefix}_`) && ULID.test(value.slice(prefix.length + 1));

export type NewId = <Prefix extends string>(prefix: Prefix) => Id<Prefix>;

/** Ids from one generator are strictly increasing, also within a millisecond. `nowMs` is wall time. */
export const makeNewId = (nowMs: () => number): NewId => {
  const next = monotonicFactory(makeRandom());
  return (prefix) => `${prefix}_${next(nowMs()).toLowerCase()}`;
};

const POOL = 1024;

/** From a pool: an id has sixteen random characters, and asking the system for each costs more than all the rest. */
const makeRandom = (): (() => number) => {
  const pool = new Uint32Array(POOL);
  let used = POOL;
  return () => {
    if (used === POOL) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    used += 1;
    return (pool[used - 1] ?? 0) / 2 ** 32;
  };
};
