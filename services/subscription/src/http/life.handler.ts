import {
  CancelSubscription,
  CreateSubscription,
  PauseSubscription,
  ReportFeatureCounts,
  ResumeSubscription,
  SetSubscriptionStatus,
  StartTrial,
} from '@quittance/contracts';
import { accepted, created, handle, ok, scopeOf } from '@quittance/http';

import {
  type BeginCheckout,
  type CountFeatures,
  type LiveSubscription,
  type ReadCheckout,
  type RequireCoupon,
  type StartTrial as StartTrialUseCase,
} from '../application/index.ts';
import { type LifeStep } from '../domain/life-step.ts';
import { ownAccount, withSession } from './checkout.handler.ts';
import { toApiCheckout, toApiSubscription } from './convert.ts';

export const cancelHandler = (live: LiveSubscription) =>
  handle(CancelSubscription, async ({ params, body, principal }) => {
    const step: LifeStep = { kind: 'cancel', when: body.when };
    const asked = { subscriptionId: params.id, step, reason: body.reason ?? null };
    return ok(toApiSubscription(await live(scopeOf(principal), asked)));
  });

export const resumeHandler = (live: LiveSubscription) =>
  handle(ResumeSubscription, async ({ params, principal }) => {
    const asked = { subscriptionId: params.id, step: { kind: 'resume' }, reason: null } as const;
    return ok(toApiSubscription(await live(scopeOf(principal), asked)));
  });

export const pauseHandler = (live: LiveSubscription) =>
  handle(PauseSubscription, async ({ params, body, principal }) => {
    const resumesAt = body.resumesAt === undefined ? null : new Date(body.resumesAt);
    const asked = {
      subscriptionId: params.id,
      step: { kind: 'pause', resumesAt },
      reason: body.reason ?? null,
    } as const;
    return ok(toApiSubscription(await live(scopeOf(principal), asked)));
  });

export const STEP_TO = {
  suspended: { kind: 'suspend' },
  cancelled: { kind: 'cancel', when: 'now' },
  active: { kind: 'reinstate' },
} as const satisfies Record<string, LifeStep>;

export const setStatusHandler = (live: LiveSubscription) =>
  handle(SetSubscriptionStatus, async ({ params, body, principal }) => {
    const asked = { subscriptionId: params.id, step: STEP_TO[body.status], reason: body.reason };
    return ok(toApiSubscription(await live(scopeOf(principal), asked)));
  });

export const startTrialHandler = (startTrial: StartTrialUseCase) =>
  handle(StartTrial, async ({ body, principal, request }) => {
    const wish = {
      ...body,
      accountId: ownAccount(principal),
      quantity: 1,
      country: body.country ?? null,
      language: body.language ?? null,
      coupon: null,
    };
    return created(toApiSubscription(await startTrial(request.reservedId('sub'), wish, false)));
  });

interface SaleCases {
  readonly startTrial: StartTrialUseCase;
  readonly beginCheckout: BeginCheckout;
  readonly readCheckout: ReadCheckout;
  readonly requireCoupon: RequireCoupon;
}

export const createSubscriptionHandler = ({ startTrial, beginCheckout, readCheckout, requireCoupon }: SaleCases) =>
  handle(CreateSubscription, async ({ body, principal, request }) => {
    const { country = null, language = null, coupon = null } = body;
    const wish = { ...body, country, language, coupon };
    scopeOf(principal, body.accountId);
    if (body.trial) {
      const subscription = await startTrial(request.reservedId('sub'), wish, true);
      return created({ subscription: toApiSubscription(subscription), checkout: null });
    }
    const id = request.reservedId('chk');
    const urls = { successUrl: withSession(body.successUrl, id), cancelUrl: withSession(body.cancelUrl, id) };
    const checkout = await beginCheckout(id, { ...wish, ...urls, byOperator: true });
    const view = await readCheckout.untilPayable({ account: body.accountId }, checkout.id);
    await requireCoupon(checkout.id);
    const answer = { subscription: toApiSubscription(view.subscription), checkout: toApiCheckout(view) };
    return view.checkout.status === 'opening' ? accepted(answer) : created(answer);
  });

export const reportFeatureCountsHandler = (countFeatures: CountFeatures) =>
  handle(ReportFeatureCounts, async ({ params, body }) => {
    const counted = { accountId: params.id, productKey: params.product, counts: new Map(Object.entries(body.counts)) };
    const asOf = await countFeatures(counted);
    return ok({ accountId: params.id, productKey: params.product, asOf: asOf.toISOString() });
  });
