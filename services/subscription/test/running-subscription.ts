import { randomUUID } from 'node:crypto';

import { ApiSubscription, InvoiceDrafted, InvoicePaid, OrderOpened, PlanPublished } from '@quittance/contracts';
import { type AccountId, type Id, isAccountId, isId, must, type Permission } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, waitFor } from '@quittance/testkit';
import { z } from 'zod';

import { buildService, subscriptionConfig } from '../src/service.ts';
import { freePlanPublished, invoiceDrafted, invoicePaid, orderOpened, planPublished, PRO } from './fixtures.ts';

export type ApiSubscriptionBody = z.infer<typeof ApiSubscription>;

export interface Asking {
  readonly as: { readonly account?: string; readonly permissions: readonly Permission[]; readonly kind?: 'service' };
  readonly method?: string;
  readonly body?: unknown;
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type RunningSubscription = Awaited<ReturnType<typeof startSubscription>>;

/** The service over a real database and bus, with Pro and Free on sale; invoicing and the rail are played. */
const startSubscription = async (more: readonly z.infer<typeof PlanPublished.data>[] = []) => {
  const ground = await makeServiceGround('subscription');
  const config = loadConfig(subscriptionConfig, { ...ground.env, BEAT_INTERVAL_MS: '60000' });
  const service: RunningService = buildService({ ...ground, config });
  await service.start();
  const publish = async (data: z.infer<typeof PlanPublished.data>, version = 1): Promise<void> => {
    await ground.handled(await ground.send(PlanPublished, { version, data }));
  };
  for (const data of [planPublished(), freePlanPublished(), ...more]) await publish(data);

  const ask = async (path: string, asking: Asking): Promise<Answer> => {
    const token = await ground.tokenFor(asking.as);
    const response = await fetch(`http://127.0.0.1:${service.port()}${path}`, {
      method: asking.method ?? (asking.body === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': asking.key ?? randomUUID(),
      },
      ...(asking.body === undefined ? {} : { body: JSON.stringify(asking.body) }),
    });
    const body: unknown = await response.json();
    return { status: response.status, body };
  };

  const requested = (account: string, kind: string) =>
    waitFor(
      async () => {
        const commands = await ground.sent('invoicing.open-invoice');
        const command = commands.findLast(({ data }) => data['accountId'] === account && data['kind'] === kind);
        const { checkoutId, subscriptionId, changeId, lines } = command?.data ?? {};
        const period = Period.safeParse(command?.data['period']).data;
        if (!period || !isId('chk', checkoutId) || !isId('sub', subscriptionId)) return null;
        return { checkoutId, subscriptionId, changeId: isId('chg', changeId) ? changeId : null, lines, period };
      },
      { what: `the command to open a ${kind} invoice` },
    );

  return {
    ground,
    ask,
    publish,
    requested,
    stop: async () => {
      await service.stop();
      await ground.end();
    },
    read: async (account: string, id: Id<'sub'>): Promise<ApiSubscriptionBody> => {
      const { body } = await ask(`/v1/subscriptions/${id}`, { as: customer(account) });
      return ApiSubscription.parse(body);
    },
    /** Buys Pro and pays for it. */
    buy: async (account: AccountId): Promise<Id<'sub'>> => {
      const asked = ask('/v1/checkout-sessions', { as: customer(account), body: checkoutWish() });
      const sale = { ...(await requested(account, 'checkout')), accountId: account };
      await ground.handled(await ground.send(InvoiceDrafted, { data: invoiceDrafted(saleOf(sale)) }));
      await ground.handled(await ground.send(OrderOpened, { data: orderOpened(saleOf(sale)) }));
      await asked;
      await ground.handled(
        await ground.send(InvoicePaid, { data: { ...invoicePaid(saleOf(sale)), period: sale.period } }),
      );
      return sale.subscriptionId;
    },
  };
};

/** The same, started before the tests of the `describe` it is called in and stopped after them. */
export const subscriptionFor = (more: readonly z.infer<typeof PlanPublished.data>[] = []): RunningSubscription => {
  let running: RunningSubscription;
  before(async () => {
    running = await startSubscription(more);
  });
  after(() => running.stop());
  return {
    get ground() {
      return running.ground;
    },
    ask: (...given) => running.ask(...given),
    publish: (...given) => running.publish(...given),
    requested: (...given) => running.requested(...given),
    read: (...given) => running.read(...given),
    buy: (...given) => running.buy(...given),
    stop: () => running.stop(),
  };
};

const saleOf = ({
  checkoutId,
  subscriptionId,
  accountId,
}: {
  checkoutId: Id<'chk'>;
  subscriptionId: Id<'sub'>;
  accountId: AccountId;
}) => ({
  checkoutId,
  subscriptionId,
  accountId,
});

const Period = z.object({ start: z.string(), end: z.string() });

const checkoutWish = () => ({
  planId: PRO.planId,
  interval: 'month',
  currency: 'USD',
  successUrl: 'https://shop.example/ok',
  cancelUrl: 'https://shop.example/no',
});

export const anAccount = (): AccountId => must([`acc_${randomUUID().slice(0, 12)}`].find(isAccountId), 'an account id');

export const customer = (account: string): Asking['as'] => ({ account, permissions: ['own.read', 'own.write'] });

export const OPERATOR: Asking['as'] = { permissions: ['billing.read', 'tenant_subscription.write'] };

export const Problem = z.object({ code: z.string(), details: z.record(z.string(), z.unknown()).default({}) });

export const codeOf = ({ body }: Answer): string => Problem.parse(body).code;

/** The cheapest one that costs something, with a trial. */
export const LITE = {
  planId: 'pln_01j8zq4m7e8b2c3d4f5g6h7k04',
  planVersionId: 'plv_01j8zq4m7e8b2c3d4f5g6h7k04',
} as const;

/** The dearest one. */
export const TEAM = {
  planId: 'pln_01j8zq4m7e8b2c3d4f5g6h7k03',
  planVersionId: 'plv_01j8zq4m7e8b2c3d4f5g6h7k03',
} as const;

export const teamFor = (amount: number) =>
  planPublished({
    ...TEAM,
    key: 'team',
    rank: 2,
    names: { en: 'Team' },
    prices: [
      {
        priceId: 'prc_01j8zq4m7e8b2c3d4f5g6h7k03',
        interval: 'month',
        amount: { amount, currency: 'USD' },
        taxBehavior: 'exclusive',
        region: null,
      },
    ],
  });

export const lite = planPublished({
  ...LITE,
  key: 'lite',
  rank: 0,
  names: { en: 'Lite' },
  trialDays: 14,
  prices: [
    {
      priceId: 'prc_01j8zq4m7e8b2c3d4f5g6h7k04',
      interval: 'month',
      amount: { amount: 4900, currency: 'USD' },
      taxBehavior: 'exclusive',
      region: null,
    },
  ],
  entitlements: [{ kind: 'limit', feature: 'workflows', limit: 5 }],
});
