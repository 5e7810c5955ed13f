import express, { type Request, type Response, Router } from 'express';

import { STRIPE_API_VERSION } from './emit-event.ts';
import { executeRoute, executeServerError, failureAnswer, type StripeRequest } from './execute.ts';
import { type Faults } from './faults.ts';
import { type StripeAnswer } from './idempotency.ts';
import { newStripeId } from './ids.ts';
import { STRIPE_ROUTES, type StripeRoute } from './routes.ts';
import { StripeFailure } from './stripe-error.ts';
import { type StripeWorld } from './stripe-world.ts';

/** The API at `/v1`, as the real SDK calls it. `onCommitted` runs after every change. */
export const makeStripeRouter = (world: StripeWorld, faults: Faults, onCommitted: () => void): Router => {
  const router = Router();
  router.use('/v1', express.urlencoded({ extended: true, limit: '256kb' }));
  const parts = { world, faults, onCommitted };
  for (const route of STRIPE_ROUTES) router[route.method](route.path, (req, res) => serve(parts, route, { req, res }));
  router.use('/v1', (req, res) => serve(parts, null, { req, res }));
  return router;
};

interface Parts {
  readonly world: StripeWorld;
  readonly faults: Faults;
  readonly onCommitted: () => void;
}

interface Exchange {
  readonly req: Request;
  readonly res: Response;
}

const serve = async (parts: Parts, route: StripeRoute | null, { req, res }: Exchange): Promise<void> => {
  const path = req.originalUrl.split('?')[0] ?? '';
  const fault = await parts.faults.take(req.method, path);
  const request = requestOf(req, path);
  switch (fault?.kind) {
    case 'reset':
      req.socket.destroy();
      return;
    case 'hang':
      await pause(fault.ms);
      req.socket.destroy();
      return;
    case '502':
      res.status(502).type('html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
      return;
    case '409':
      send(
        res,
        failureAnswer(
          new StripeFailure(409, {
            type: 'invalid_request_error',
            code: 'lock_timeout',
            message: 'This object cannot be accessed right now because another API request is currently accessing it.',
          }),
          newStripeId('req', 14),
        ),
      );
      return;
    case '429':
      send(
        res,
        failureAnswer(
          new StripeFailure(429, {
            type: 'invalid_request_error',
            code: 'rate_limit',
            message: 'Request rate limit exceeded.',
          }),
          newStripeId('req', 14),
        ),
      );
      return;
    case 'latency':
      await pause(fault.ms);
      break;
    case '500':
    case 'answer_lost':
    case undefined:
      break;
  }
  const answer = await answerTo(parts, {
    route,
    request,
    authorization: req.get('authorization'),
    broken: fault?.kind === '500',
  });
  if (fault?.kind === 'answer_lost') req.socket.destroy();
  else send(res, answer);
};

const requestOf = (req: Request, path: string): StripeRequest => {
  const input: unknown = req.method === 'GET' ? req.query : req.body;
  const pathValues = Object.fromEntries(Object.entries(req.params).map(([name, value]) => [name, String(value)]));
  return { method: req.method, path, pathValues, input, idempotencyKey: req.get('idempotency-key') ?? null };
};

const answerTo = async (
  { world, onCommitted }: Parts,
  facts: {
    readonly route: StripeRoute | null;
    readonly request: StripeRequest;
    readonly authorization: string | undefined;
    readonly broken: boolean;
  },
): Promise<StripeAnswer> => {
  const { route, request } = facts;
  try {
    authenticate(world, facts.authorization);
    if (route === null) {
      const message = `Unrecognized request URL (${request.method}: ${request.path}). If you are trying to list objects, remove the trailing slash. This sandbox plays only a part of Stripe; see its README.`;
      throw new StripeFailure(404, { type: 'invalid_request_error', message });
    }
    const answer = facts.broken ? await executeServerError(world, request) : await executeRoute(world, route, request);
    onCommitted();
    return answer;
  } catch (error) {
    const requestId = newStripeId('req', 14);
    if (error instanceof StripeFailure) return failureAnswer(error, requestId);
    world.logger.error({ error, path: request.path, requestId }, 'the Stripe stand-in broke');
    return failureAnswer(
      new StripeFailure(500, { type: 'api_error', message: 'The sandbox broke; its log says why.' }),
      requestId,
    );
  }
};

const authenticate = (world: StripeWorld, authorization: string | undefined): void => {
  const key = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  if (key === undefined) {
    throw new StripeFailure(401, {
      type: 'invalid_request_error',
      message:
        'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.',
    });
  }
  if (!world.secretKey.equals(key)) {
    throw new StripeFailure(401, {
      type: 'invalid_request_error',
      message: `Invalid API Key provided: ${key.slice(0, 8)}****${key.slice(-4)}`,
    });
  }
};

const send = (res: Response, answer: StripeAnswer): void => {
  res.status(answer.status).set({ 'request-id': answer.requestId, 'stripe-version': STRIPE_API_VERSION });
  if (answer.originalRequest !== null)
    res.set({ 'idempotent-replayed': 'true', 'original-request': answer.originalRequest });
  res.json(answer.body);
};

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
