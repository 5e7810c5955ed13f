import { httpContract } from '@quittance/contracts';
import { isAccountId, must, type Principal } from '@quittance/kernel';
import { makeHealth, makeLogger, makeMetrics, requireOperation } from '@quittance/runtime';
import { z } from 'zod';

import {
  type AppHooks,
  created,
  handle,
  type IdempotencyScope,
  type IdempotencyStore,
  type StoredAnswer,
  listen,
  makeApp,
  noContent,
  ok,
} from '../src/index.ts';

const shared = { service: 'catalog', audit: 'none', idempotency: 'none', rate: 'read' } as const;

const GetThing = httpContract({
  ...shared,
  name: 'GetThing',
  method: 'GET',
  path: '/v1/things/:id',
  summary: 'One thing.',
  access: { anyOf: ['own.read'] },
  params: z.strictObject({ id: z.string().max(20) }),
  query: z.strictObject({ wait: z.enum(['1s']).optional(), after: z.string().startsWith('thg_').optional() }),
  etag: 'Its id.',
  answer: z.strictObject({ id: z.string(), subject: z.string() }),
});

const DropThing = httpContract({
  ...shared,
  name: 'DropThing',
  method: 'DELETE',
  path: '/v1/things/:id',
  summary: 'Drop one.',
  access: { anyOf: ['own.write'] },
  status: 204,
  params: z.strictObject({ id: z.string() }),
  answer: z.undefined(),
});

const MakeThing = httpContract({
  ...shared,
  name: 'MakeThing',
  method: 'POST',
  path: '/v1/things',
  summary: 'Make one.',
  access: { anyOf: ['own.write'] },
  idempotency: 'required',
  status: 201,
  bodyBytesMax: 200,
  body: z.strictObject({ note: z.string(), nested: z.strictObject({ deep: z.string() }).optional() }),
  answer: z.strictObject({ id: z.string(), made: z.int() }),
});

const Receive = httpContract({
  ...shared,
  name: 'Receive',
  method: 'POST',
  path: '/webhooks/acme',
  summary: 'Signed bytes.',
  access: 'signed',
  body: 'raw',
  answer: z.strictObject({ hex: z.string(), actor: z.string() }),
});

const makeMemoryStore = (): IdempotencyStore => {
  const rows = new Map<string, { hash: string; ulid: string; answer: StoredAnswer | null; running: boolean }>();
  const keyOf = (scope: IdempotencyScope) => JSON.stringify([scope.caller, scope.route, scope.key]);
  return {
    begin: async (scope, hash, newUlid) => {
      const row = rows.get(keyOf(scope));
      if (row === undefined) {
        rows.set(keyOf(scope), { hash, ulid: newUlid, answer: null, running: true });
        return { state: 'run', reservedUlid: newUlid };
      }
      if (row.hash !== hash) return { state: 'mismatch' };
      if (row.answer !== null) return { state: 'answered', answer: row.answer };
      if (row.running) return { state: 'in_progress' };
      row.running = true;
      return { state: 'run', reservedUlid: row.ulid };
    },
    saveAnswer: async (scope, answer) => {
      must(rows.get(keyOf(scope)), 'row').answer = answer;
    },
    release: async (scope) => {
      must(rows.get(keyOf(scope)), 'row').running = false;
    },
  };
};

const account = 'acme';
export const customer: Principal = {
  kind: 'customer',
  subject: 'user-1',
  accountId: isAccountId(account) ? account : null,
  permissions: new Set(['own.read', 'own.write']),
};

export interface Setup {
  readonly make?: (attempt: number) => Promise<void>;
  readonly principal?: Principal | null;
  readonly identity?: () => Promise<Principal | null>;
  readonly hooks?: AppHooks;
}

export const startApp = async (setup: Setup = {}) => {
  const { make, principal = customer, identity = () => Promise.resolve(principal), hooks } = setup;
  let made = 0;
  const ids: string[] = [];
  const logged: string[] = [];
  const app = makeApp({
    service: 'catalog',
    routes: [
      handle(GetThing, async ({ params, principal: who }) =>
        ok({ id: params.id, subject: who.subject }, { etag: params.id }),
      ),
      handle(DropThing, () => Promise.resolve(noContent())),
      handle(MakeThing, async ({ request }) => {
        made += 1;
        ids.push(request.reservedId('thg'));
        await make?.(made);
        return created({ id: request.reservedId('thg'), made });
      }),
      handle(Receive, async ({ body }) => ok({ hex: body.toString('hex'), actor: requireOperation().actor.id })),
    ],
    identity,
    idempotency: makeMemoryStore(),
    logger: makeLogger({
      service: 'catalog',
      level: 'info',
      destination: { write: (line: string) => void logged.push(line) },
    }),
    metrics: makeMetrics('catalog'),
    health: makeHealth(),
    wallClock: { nowMs: () => 1_763_847_562_122 },
    mode: 'sandbox',
    ...(hooks === undefined ? {} : { hooks }),
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${listening.port}${path}`, init);
    const text = await response.text();
    const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body, text };
  };
  const post = (note: unknown, key: string | null = 'key-00000001') =>
    call('/v1/things', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'idempotency-key': key }) },
      body: typeof note === 'string' ? JSON.stringify({ note }) : JSON.stringify(note),
    });
  return { port: listening.port, call, post, logged, close: () => listening.close(), made: () => made, ids };
};
