import { randomUUID } from 'node:crypto';

import { ApiPlan, GetPricing, GetProduct } from '@quittance/contracts';
import { loadConfig } from '@quittance/runtime';
import { makeServiceGround, type ServiceGround } from '@quittance/testkit';
import { z } from 'zod';

import { catalogConfig } from '../src/config.ts';
import { buildService } from '../src/service.ts';
import { document } from './builders/plan-document.ts';

const Problem = z.object({
  code: z.string(),
  detail: z.string().default(''),
  remedy: z.string().default(''),
  details: z.record(z.string(), z.unknown()).default({}),
});

export interface Asking {
  readonly method?: string;
  readonly body?: unknown;
  readonly ifMatch?: string | null;
  readonly token?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type RunningCatalog = Awaited<ReturnType<typeof startCatalog>>;

/** The service over a real database and bus, the seed on sale, and an operator who may edit. */
export const startCatalog = async (env: Readonly<Record<string, string>> = {}, known?: ServiceGround) => {
  const ground = known ?? (await makeServiceGround('catalog'));
  const service = buildService({ ...ground, config: loadConfig(catalogConfig, { ...ground.env, ...env }) });
  await service.start();
  const operator = await ground.tokenFor({ permissions: ['billing.read', 'billing.write'] });

  const ask = (path: string, how: Asking = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${String(service.port())}${path}`, {
      method: how.method ?? 'GET',
      headers: {
        authorization: `Bearer ${how.token ?? operator}`,
        'content-type': 'application/json',
        'idempotency-key': how.key ?? randomUUID(),
        ...(typeof how.ifMatch === 'string' ? { 'if-match': how.ifMatch } : {}),
        ...how.headers,
      },
      ...(how.body === undefined ? {} : { body: JSON.stringify(how.body) }),
    });

  const post = (path: string, body?: unknown): Promise<Response> => ask(path, { method: 'POST', body });

  const productNamed = async (key: string) => {
    const { rows } = await ground.owner.query<{ id: string }>('SELECT id FROM products WHERE key = $1', [key]);
    const answer = await ask(`/v1/products/${rows[0]?.id ?? ''}`);
    return GetProduct.answer.parse(await answer.json());
  };

  const createPlan = async (key: string, body: object = document(), extra: object = {}) => {
    const { productId } = await productNamed('automation');
    return ApiPlan.parse(await (await post('/v1/plans', { productId, key, ...extra, ...body })).json());
  };

  return {
    ground,
    service,
    ask,
    post,
    productNamed,
    createPlan,
    publish: (planId: string, ifMatch?: string) =>
      ask(`/v1/plans/${planId}/publish`, { method: 'POST', ...(ifMatch === undefined ? {} : { ifMatch }) }),
    pricing: async (query = 'currency=USD') =>
      GetPricing.answer.parse(await (await ask(`/v1/pricing?${query}`)).json()),
    stop: async () => {
      await service.stop();
      await ground.end();
    },
  };
};

/** Status, and what a client is told of a refusal. */
export const refusal = async (answer: Response) => ({
  status: answer.status,
  ...Problem.parse(await answer.json()),
});
