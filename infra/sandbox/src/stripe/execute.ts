import { expandAnswer } from './expand.ts';
import {
  findStoredAnswer,
  fingerprintOfRequest,
  type IdempotentRequest,
  type StripeAnswer,
  storeAnswer,
} from './idempotency.ts';
import { newStripeId } from './ids.ts';
import { readParams } from './params.ts';
import { type StripeRoute } from './routes.ts';
import { StripeFailure } from './stripe-error.ts';
import { callIn, type StripeWorld } from './stripe-world.ts';

export interface StripeRequest {
  readonly method: string;
  readonly path: string;
  readonly pathValues: Readonly<Record<string, string>>;
  readonly input: unknown;
  readonly idempotencyKey: string | null;
}

/**
 * Runs one route: its changes, its events, their deliveries and the stored answer commit together or not at all, so
 * that a kill at any instant leaves books that a retry completes.
 */
export const executeRoute = (world: StripeWorld, route: StripeRoute, request: StripeRequest): Promise<StripeAnswer> => {
  const requestId = newStripeId('req', 14);
  const idempotent = route.method === 'post' ? idempotencyOf(world, request) : null;
  const { database } = world;
  const run = route.method === 'get' ? database.reading : database.transaction;
  return run(async (tx) => {
    const stored = idempotent === null ? null : await findStoredAnswer(tx, idempotent);
    if (stored !== null) return stored;
    const params = readParams(request.input);
    const call = callIn(world, tx, {
      params,
      path: request.pathValues,
      requestId,
      ...(request.idempotencyKey === null ? {} : { idempotencyKey: request.idempotencyKey }),
    });
    const answer = await answerOf(requestId, async () => {
      const expand = params.texts('expand');
      const object = await route.run(call);
      params.refuseUnread();
      return expandAnswer(call, object, expand);
    });
    if (idempotent !== null) await storeAnswer(tx, idempotent, answer);
    return answer;
  });
};

/** An injected 500 is remembered under the key, as a real one would be. */
export const executeServerError = (world: StripeWorld, request: StripeRequest): Promise<StripeAnswer> => {
  const answer = failureAnswer(
    new StripeFailure(500, { type: 'api_error', message: 'An unknown error occurred.' }),
    newStripeId('req', 14),
  );
  const idempotent = request.method === 'POST' ? idempotencyOf(world, request) : null;
  if (idempotent === null) return Promise.resolve(answer);
  return world.database.transaction(async (tx) => {
    const stored = await findStoredAnswer(tx, idempotent);
    if (stored === null) await storeAnswer(tx, idempotent, answer);
    return stored ?? answer;
  });
};

export const failureAnswer = (failure: StripeFailure, requestId: string): StripeAnswer => ({
  status: failure.status,
  body: { error: failure.body },
  requestId,
  originalRequest: null,
});

/** A decline is an answer whose work stays; any other failure undoes the transaction. */
const answerOf = async (requestId: string, work: () => Promise<unknown>): Promise<StripeAnswer> => {
  try {
    return { status: 200, body: await work(), requestId, originalRequest: null };
  } catch (error) {
    if (error instanceof StripeFailure && error.keepsWork) return failureAnswer(error, requestId);
    throw error;
  }
};

const idempotencyOf = (world: StripeWorld, request: StripeRequest): IdempotentRequest | null =>
  request.idempotencyKey === null
    ? null
    : {
        key: request.idempotencyKey,
        fingerprint: fingerprintOfRequest(request.method, request.path, request.input),
        wallMs: world.wallClock.nowMs(),
      };
