import { createServer, type IncomingMessage } from 'node:http';

import { makeInternalKeyPair } from '@quittance/auth';
import { EntitlementsChanged, SubscriptionBeat } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { makeServiceGround, makeTestIssuer } from '@quittance/testkit';
import { z } from 'zod';

import { buildService, gatewayConfig } from '../src/service.ts';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type StubAnswer =
  | { readonly status: number; readonly json: unknown; readonly headers?: Record<string, string> }
  | 'silence'
  | null;

/** A service behind the gateway, played over HTTP. Null breaks the connection. */
const makeStubService = async () => {
  const received: Received[] = [];
  let answer: (request: Received) => StubAnswer = () => null;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const got = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks),
      };
      received.push(got);
      const told = answer(got);
      if (told === 'silence') return undefined;
      if (told === null) return response.destroy();
      response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers });
      return response.end(JSON.stringify(told.json));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = must(server.address(), 'address');
  return {
    url: `http://127.0.0.1:${typeof address === 'string' ? 0 : address.port}`,
    received,
    answers: (next: (request: Received) => StubAnswer) => {
      answer = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const Problem = z.object({ code: z.string(), details: z.record(z.string(), z.unknown()).optional() });
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The real gateway on a real database and bus, with AuthGate and every service behind it played over HTTP. */
type Environment = Readonly<Record<string, string>>;

export const startGateway = async (
  env: Environment = {},
  /** Puts something between the gateway and what it uses. */
  detour: (env: Environment) => Promise<Environment> = (told) => Promise.resolve(told),
) => {
  const [ground, gate, keys] = await Promise.all([
    makeServiceGround('gateway'),
    makeTestIssuer(),
    makeInternalKeyPair(),
  ]);
  const [subscription, others, pages] = await Promise.all([makeStubService(), makeStubService(), makeStubService()]);
  const config = loadConfig(gatewayConfig, {
    ...(await detour(ground.env)),
    INTERNAL_TOKEN_PUBLIC_KEY: base64url(keys.publicJwk),
    INTERNAL_TOKEN_PRIVATE_KEY: base64url(keys.privateJwk),
    AUTHGATE_ISSUER: gate.issuer,
    AUTHGATE_JWKS_URL: gate.jwksUrl,
    AUTHGATE_AUDIENCE: gate.audience,
    CATALOG_URL: others.url,
    SUBSCRIPTION_URL: subscription.url,
    INVOICING_URL: others.url,
    PAYMENTS_CARD_URL: others.url,
    AUDIT_URL: others.url,
    CONSOLE_URL: pages.url,
    ...env,
  });
  const service = buildService({ ...ground, config });
  await service.start();
  const tokens = {
    service: await gate.sign({ sub: 'svc-apps', scope: 'entitlements.read' }),
    customer: await gate.sign({ sub: 'usr-1', account: 'acme' }),
    billing: await gate.sign({ sub: 'usr-2', roles: ['billing'] }),
    onboarding: await gate.sign({ sub: 'usr-3', roles: ['onboarding'] }),
  };

  const call = async (path: string, init: RequestInit & { readonly token?: string } = {}) => {
    const { token, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(`http://127.0.0.1:${service.port()}${path}`, { ...rest, headers });
    const text = await response.text();
    const body: unknown = /^[{[]/.test(text) ? JSON.parse(text) : text;
    const problem = response.status >= 400 && typeof body === 'object' ? Problem.parse(body) : null;
    return { status: response.status, headers: response.headers, body, text, problem };
  };

  return {
    ground,
    gate,
    keys,
    subscription,
    others,
    pages,
    tokens,
    service,
    call,
    check: async (account: string, feature?: string) => {
      const answer = await call('/v1/entitlements/check', {
        method: 'POST',
        token: tokens.service,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account, product: 'apps', ...(feature === undefined ? {} : { feature }) }),
      });
      return { ...answer, answer: answer.status === 200 ? CheckAnswer.parse(answer.body) : null };
    },
    beat: async (at = new Date()) => {
      await ground.handled(await ground.send(SubscriptionBeat, { data: { beatAt: at.toISOString() } }));
    },
    tell: async (account: string, revision: number, changes: Partial<Document> = {}) => {
      await ground.handled(
        await ground.send(EntitlementsChanged, {
          subject: account,
          version: revision,
          data: documentOf(account, changes),
        }),
      );
    },
    stop: async () => {
      await service.stop();
      await ground.end();
      await gate.close();
      for (const stub of [subscription, others, pages]) stub.close();
    },
  };
};

const CheckAnswer = z.looseObject({
  allowed: z.boolean(),
  reason: z.string(),
  plan: z.string().nullable(),
  limit: z.number().nullable(),
  revision: z.number().nullable(),
  asOf: z.string(),
});

type Document = z.infer<(typeof EntitlementsChanged)['data']>;

const ULID = '01j8zq4m7e8b2c3d4f5g6h7k8n';

export const documentOf = (account: string, changes: Partial<Document> = {}): Document =>
  EntitlementsChanged.data.parse({
    accountId: account,
    productId: `prd_${ULID}`,
    productKey: 'apps',
    subscriptionId: `sub_${ULID}`,
    planId: `pln_${ULID}`,
    planKey: 'pro',
    status: 'active',
    accessUntil: '2026-04-05T00:00:00.000Z',
    entitlements: [{ kind: 'limit', feature: 'channels', limit: 5 }],
    ...changes,
  });

/** What subscription answers to GetAccountEntitlements. */
export const accountEntitlements = (account: string, documents: readonly { readonly revision: number }[]) => ({
  accountId: account,
  documents: documents.map(({ revision }) => {
    const { productId: _product, planId: _plan, ...document } = documentOf(account);
    return { ...document, revision };
  }),
  asOf: new Date().toISOString(),
});
