import { randomBytes } from 'node:crypto';

import {
  ChangeSubscription,
  CreateCoupon,
  CreateHandoff,
  CreatePlan,
  GetPlan,
  ListPlans,
  PublishPlan,
  ReportFeatureCounts,
} from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { until } from '@quittance/local';

import { type Buyer, type Ground } from './ground.ts';
import { plantInJson } from './planted-json.ts';
import { plantInRows } from './planted-rows.ts';

export interface RichBuyer extends Buyer {
  /** Words that stand nowhere but in what this buyer owns. */
  readonly planted: readonly string[];
}

const canary = (what: string): string => `canary-${what}-${randomBytes(6).toString('hex')}`;

/** A customer who has whatever a customer can have, with a word of their own in every text of it. */
export const aRichBuyer = async (ground: Ground): Promise<RichBuyer> => {
  const coupon = `CANARY-${randomBytes(6).toString('hex').toUpperCase()}`;
  await issueCoupon(ground, coupon);
  const buyer = await until('the coupon to be known', () => ground.buy({ coupon }).catch(() => null), {
    enough: (bought) => bought !== null,
  }).then((bought) => must(bought, 'a purchase'));
  const words = [
    coupon,
    ...(await scheduleChange(ground, buyer)),
    ...(await makeOwnPlan(ground, buyer)),
    ...(await reportCounts(ground, buyer)),
    ...(await openHandoff(ground, buyer)),
  ];
  await ground.settled();
  const { databases } = ground;
  const rows = await plantInRows(databases, buyer.account, canary);
  const json = await plantInJson(databases, buyer.account, canary);
  return { ...buyer, planted: [...words, ...rows, ...json] };
};

const operatorOf = (ground: Ground): Promise<string> =>
  ground.callers.mint({ subject: 'usr_planter', roles: ['billing'] });

const key = (): string => randomBytes(12).toString('hex');

const issueCoupon = async (ground: Ground, code: string): Promise<void> => {
  const token = await operatorOf(ground);
  await ground.shopper.call(CreateCoupon, {
    token,
    idempotencyKey: key(),
    body: {
      code,
      discount: { kind: 'percentage', ratePpm: 100_000 },
      duration: { kind: 'once' },
      capTotal: null,
      capPerAccount: null,
      expiresAt: null,
      planIds: [],
      currencies: [],
    },
  });
};

/** A plan on sale to this account alone, which says something of its own in every language. */
const makeOwnPlan = async (ground: Ground, { account }: Buyer): Promise<readonly string[]> => {
  const token = await operatorOf(ground);
  const { call } = ground.shopper;
  const { data } = await call(ListPlans, { token, query: { limit: '100' } });
  const model = must(
    data.find((plan) => plan.key === 'pro' && plan.accountId === null),
    'a plan to go by',
  );
  const { published, productId } = await call(GetPlan, { token, params: { id: model.planId } });
  const { document } = must(published, 'its document');
  const words: string[] = [];
  const say = (what: string): string => {
    words.push(canary(what));
    return must(words.at(-1), 'a word');
  };
  const texts = Object.fromEntries(
    Object.entries(document.texts).map(([language, text]) => {
      const said = { name: say('name'), description: say('description'), callToAction: say('call') };
      return [language, { ...text, ...said }];
    }),
  );
  const made = await call(CreatePlan, {
    token,
    idempotencyKey: key(),
    body: { ...document, texts, productId, key: say('key'), accountId: account },
  });
  await call(PublishPlan, { token, idempotencyKey: key(), params: { id: made.planId } });
  return words;
};

const reportCounts = async ({ shopper, callers }: Ground, { account }: Buyer): Promise<readonly string[]> => {
  const token = await callers.mint({ subject: 'svc_planter', scope: 'usage.write' });
  const feature = canary('feature').replaceAll('-', '_');
  await shopper.call(ReportFeatureCounts, {
    token,
    params: { id: account, product: 'automation' },
    body: { counts: { [feature]: 1 } },
  });
  return [feature];
};

const openHandoff = async ({ shopper, callers }: Ground, { account }: Buyer): Promise<readonly string[]> => {
  const token = await callers.mint({ subject: 'svc_planter', scope: 'handoff.create' });
  const [owner, success, cancel] = [canary('owner'), canary('success'), canary('cancel')];
  const page = 'https://app.example/';
  await shopper.call(CreateHandoff, {
    token,
    body: {
      account,
      owner,
      product: 'automation',
      plan: 'pro',
      interval: 'month',
      successUrl: `${page}${success}`,
      cancelUrl: `${page}${cancel}`,
    },
  });
  return [owner, success, cancel];
};

/** To less at the end of the period: it waits, and is listed. */
const scheduleChange = async ({ shopper }: Ground, { token, ids }: Buyer): Promise<readonly string[]> => {
  const reason = canary('reason');
  const planId = await shopper.planId({ product: 'automation', plan: 'free', interval: 'month', currency: 'USD' });
  const id = must(
    ids.find((candidate) => candidate.startsWith('sub_')),
    'a subscription',
  );
  await shopper.call(ChangeSubscription, { token, idempotencyKey: key(), params: { id }, body: { planId, reason } });
  return [reason];
};
