import { createHash } from 'node:crypto';

import { assertNever, isDomainError, platformFail, toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type Exchange, type Reply } from './handle.ts';
import { type IdempotencyScope, type IdempotencyStore } from './idempotency-store.ts';
import { statusOf } from './problem.ts';
import { screenInput } from './screen-input.ts';

const KEY = /^[\x20-\x7e]{8,128}$/;

/** The key of a request that must have one. */
export const readIdempotencyKey = (header: string | null): string => {
  if (header === null) throw platformFail('platform.idempotency_key_required', 'Idempotency-Key is missing.');
  screenInput(header, 'header.idempotency-key');
  if (KEY.test(header)) return header;
  throw platformFail('platform.idempotency_key_required', 'Idempotency-Key must be 8 to 128 printable characters.');
};

export interface IdempotentRun {
  readonly store: IdempotencyStore;
  readonly scope: IdempotencyScope;
  readonly newUlid: string;
  readonly logger: Logger;
  /** Runs the request with the ULID that its key reserved. */
  readonly run: (reservedUlid: string) => Promise<Reply>;
  /** The problem a refused request answers; saved when another try could not end differently. */
  readonly toErrorReply: (error: unknown) => Reply;
}

/**
 * Runs a request once per key. A repeat gets the first answer again, with `Idempotency-Replayed: true`; the same key
 * with another body is refused, and while the first still runs it is a conflict. Answers that may change (conflict,
 * not found, our own failures) release the key; the id it reserved stays, so that a retry creates nothing twice.
 */
export const runIdempotently = async (exchange: Exchange, idempotent: IdempotentRun): Promise<Reply> => {
  const state = await idempotent.store.begin(idempotent.scope, hashOf(exchange), idempotent.newUlid);
  switch (state.state) {
    case 'run':
      return runFirst(idempotent, state.reservedUlid);
    case 'answered':
      return { ...state.answer, headers: { 'idempotency-replayed': 'true' } };
    case 'mismatch':
      throw platformFail('platform.idempotency_key_reused', 'This Idempotency-Key came with another body before.');
    case 'in_progress':
      throw platformFail('platform.idempotency_in_progress', 'The first request with this key has not ended yet.');
    default:
      return assertNever(state);
  }
};

const runFirst = async (idempotent: IdempotentRun, reservedUlid: string): Promise<Reply> => {
  const { store, scope } = idempotent;
  try {
    const reply = await idempotent.run(reservedUlid);
    await settle(idempotent, () => store.saveAnswer(scope, { status: reply.status, body: reply.body }));
    return reply;
  } catch (error) {
    const final = isDomainError(error) && (error.kind === 'invalid' || error.kind === 'refused');
    const answer = final ? { status: statusOf(error), body: idempotent.toErrorReply(error).body } : null;
    await settle(idempotent, () => (answer === null ? store.release(scope) : store.saveAnswer(scope, answer)));
    throw error;
  }
};

/** The effect is committed already: a store that fails here costs a replay, which finds it, never the answer. */
const settle = async ({ logger, scope }: IdempotentRun, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    logger.warn(
      { err: toError(error), route: scope.route },
      'idempotency key could not be settled; its lease will end',
    );
  }
};

/** Path with its ids, query and bytes: what makes two requests the same. */
const hashOf = (exchange: Exchange): string =>
  createHash('sha256').update(`${exchange.method} ${exchange.url}\n`).update(exchange.rawBody).digest('hex');
