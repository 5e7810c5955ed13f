import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { ApiMoney, idOf, Instant, plainText } from '../shapes.ts';
import { ApiSubscriptionChange, MAY_CHANGE, OPERATORS, previewing } from './subscription-changes.ts';
import { ApiSubscription } from './subscription.ts';

export const ApiLifePreview = z
  .strictObject({
    afterwards: ApiSubscription.describe('As the step will leave it, its next charge among it.'),
    accessEndsAt: Instant.nullable().describe('When access ends by it; null while it goes on.'),
    notRefunded: ApiMoney.describe(
      'What was paid, before tax where prices are exclusive, for time that is given up. Nothing is paid back by a step.',
    ),
    undoneChange: ApiSubscriptionChange.nullable().describe('The scheduled change that will not happen.'),
    supersededCheckoutId: idOf('chk').nullable().describe('The open checkout that can no longer be paid.'),
    voidsRenewalFrom: Instant.nullable().describe('Where the period begins whose open invoice will be void.'),
    restored: ApiSubscription.nullable().describe(
      'The free plan that is there again, as it will stand: a trial took its place and ends unpaid.',
    ),
    displaced: ApiSubscription.nullable().describe(
      'The free plan that gives its place to what is reinstated, as it will stand.',
    ),
  })
  .meta({ id: 'LifePreview' });

/** A preview takes what its step does; why is asked and kept when the step is taken. */
const Reason = plainText(500).optional();

const preview = { ...previewing, service: 'subscription', answer: ApiLifePreview } as const;

export const PreviewCancel = httpContract({
  ...preview,
  name: 'PreviewCancel',
  path: '/v1/subscriptions/:id/cancel/preview',
  summary:
    'What cancelling now or with the period would end, when access ends, what is not refunded, and the free plan that is there again after a trial. Nothing happens.',
  access: MAY_CHANGE,
  body: z.strictObject({ when: z.enum(['period_end', 'now']).default('period_end'), reason: Reason }),
});

export const PreviewPause = httpContract({
  ...preview,
  name: 'PreviewPause',
  path: '/v1/subscriptions/:id/pause/preview',
  summary: 'What a pause would end and what it undoes. Nothing happens.',
  access: MAY_CHANGE,
  body: z.strictObject({ resumesAt: Instant.optional(), reason: Reason }),
});

export const PreviewResume = httpContract({
  ...preview,
  name: 'PreviewResume',
  path: '/v1/subscriptions/:id/resume/preview',
  summary: 'What would go on, until when, and what is charged next. Nothing happens.',
  access: MAY_CHANGE,
});

export const PreviewStatus = httpContract({
  ...preview,
  name: 'PreviewStatus',
  path: '/v1/subscriptions/:id/status/preview',
  summary: 'For operators: what suspending, cancelling or reinstating would end or bring back. Nothing happens.',
  access: OPERATORS,
  body: z.strictObject({ status: z.enum(['suspended', 'cancelled', 'active']), reason: Reason }),
});
