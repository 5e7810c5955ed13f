/** What went wrong, from the caller's point of view. The list is closed: `http` maps it to a status, `bus` to an outcome. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'refused'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** One documented error: its stable code is public API. `title` is for people and `remedy` says what to do about it. */
export interface ErrorDefinition {
  readonly kind: ErrorKind;
  readonly title: string;
  readonly remedy: string;
}

export type ErrorTable<Code extends string = string> = Readonly<Record<Code, ErrorDefinition>>;

export interface ErrorFacts {
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** Of an error that another service told us: its words, where our own tables do not know the code. */
  readonly told?: Pick<ErrorDefinition, 'title' | 'remedy'>;
  /** True where the caller named what belongs to another account: the answer hides it, the audit trail records it. */
  readonly trespass?: boolean;
}

/** Which error it is: the stable code, and the kind that decides what becomes of it. */
export interface ErrorIdentity {
  readonly code: string;
  readonly kind: ErrorKind;
}

/** The only error a service throws on purpose. `details` may be shown to the caller: no secrets, no other account's data. */
export class DomainError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly details: Readonly<Record<string, unknown>>;
  readonly told: ErrorFacts['told'];
  readonly trespass: boolean;

  constructor({ code, kind }: ErrorIdentity, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'DomainError';
    this.code = code;
    this.kind = kind;
    this.details = facts.details ?? {};
    this.told = facts.told;
    this.trespass = facts.trespass ?? false;
  }
}

/** A table of codes as a factory: `fail('subscription.plan_retired', 'Plan pln_… is no longer sold.', { details })`. */
export type Fail<Code extends string> = (code: Code, message: string, facts?: ErrorFacts) => DomainError;

export const makeFail =
  <Code extends string>(table: ErrorTable<Code>): Fail<Code> =>
  (code, message, facts) =>
    new DomainError({ code, kind: table[code].kind }, message, facts);

export const isDomainError = (error: unknown): error is DomainError => error instanceof DomainError;

/** Anything thrown, as an Error, so that it can be a `cause` or a log line. */
export const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
