import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { ApiAccountId, ApiMoney, idOf, Instant, pageById, PageLimit, pageOf, plainText } from '../shapes.ts';
import { OPERATORS } from './subscription-changes.ts';

const RowStatus = z.enum(['planned', 'moved', 'not_moved']);
const params = z.strictObject({ id: idOf('pln') });
const moveParams = z.strictObject({ id: idOf('pln'), move: idOf('mov') });

export const ApiPlanMove = z
  .strictObject({
    id: idOf('mov'),
    planId: idOf('pln'),
    planKey: z.string(),
    toVersionId: idOf('plv').describe('The newest version when it was previewed.'),
    status: z
      .enum(['previewed', 'running', 'done'])
      .describe(
        'previewed: nothing was done · running: being done, subscription by subscription · done: every row is settled.',
      ),
    reason: z.string().nullable(),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'PlanMove' });

export const ApiPlanMoveRow = z
  .strictObject({
    subscriptionId: idOf('sub'),
    accountId: ApiAccountId,
    role: z
      .enum(['plan', 'addition'])
      .describe('What the moved plan is in the subscription: the plan it is on, or an addition to another one.'),
    fromVersionId: idOf('plv'),
    toVersionId: idOf('plv'),
    status: RowStatus.describe('planned: would be, or will be, moved.'),
    effectiveAt: Instant.nullable().describe(
      'At the end of the running period; at once for trials and where nothing is paid. Null: it cannot be moved.',
    ),
    price: z
      .strictObject({ before: ApiMoney, after: ApiMoney.nullable() })
      .describe('Of one period of the whole subscription, as prices are stated.'),
    nextCharge: z
      .strictObject({
        before: ApiMoney,
        after: ApiMoney,
        difference: ApiMoney,
        withTax: z.boolean().describe('False where no invoice has told a rate yet.'),
      })
      .nullable()
      .describe(
        'The next charge without and with the move, as its last invoice was taxed; null where nothing is charged.',
      ),
    refusal: z
      .strictObject({ code: z.string(), message: z.string() })
      .nullable()
      .describe('Why it cannot be moved, or was not.'),
    changeId: idOf('chg').nullable(),
    settledAt: Instant.nullable(),
  })
  .meta({ id: 'PlanMoveRow' });

const ApiPlanMoveView = z
  .strictObject({
    move: ApiPlanMove,
    counts: z.strictObject({ planned: z.int(), moved: z.int(), notMoved: z.int() }),
    totals: z
      .array(z.strictObject({ count: z.int(), before: ApiMoney, after: ApiMoney, difference: ApiMoney }))
      .describe('The next charges of all that is planned or moved, by currency.'),
    data: z.array(ApiPlanMoveRow),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'PlanMoveView' });

export const PreviewPlanMove = httpContract({
  name: 'PreviewPlanMove',
  service: 'subscription',
  method: 'POST',
  path: '/v1/plans/:id/moves/preview',
  summary:
    'What moving everybody on an older version of a plan to its newest one would do, whether it is their plan or an addition to it: every subscription with its next charge before and after. Nothing is moved; the preview is kept for a day, and its further pages are read at `…/moves/:move`.',
  access: OPERATORS,
  audit: 'none',
  idempotency: 'none',
  rate: 'write',
  params,
  query: z.strictObject({
    limit: PageLimit,
    toVersionId: idOf('plv')
      .optional()
      .describe(
        'The version to move to, as publishing answered: 409 `subscription.version_not_here` until news of it has arrived, which takes a second. Without it, the newest one that is known here.',
      ),
  }),
  answer: ApiPlanMoveView,
});

export const StartPlanMove = httpContract({
  name: 'StartPlanMove',
  service: 'subscription',
  method: 'POST',
  path: '/v1/plans/:id/moves',
  summary:
    'Do what the preview said. What has changed since is not moved, and its row says so. A preview is done once, however often it is asked for.',
  access: OPERATORS,
  audit: 'plan_move.started',
  idempotency: 'required',
  rate: 'write',
  status: 202,
  params,
  body: z.strictObject({
    quote: idOf('mov').describe('Id of the preview that was shown.'),
    reason: plainText(500).optional(),
  }),
  answer: ApiPlanMove,
});

const READERS = { anyOf: ['billing.read', 'tenant_subscription.write'] } as const;
const reading = {
  service: 'subscription',
  method: 'GET',
  access: READERS,
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
} as const;

export const ListPlanMoves = httpContract({
  ...reading,
  name: 'ListPlanMoves',
  path: '/v1/plans/:id/moves',
  summary: 'Moves of a plan’s subscriptions that were asked for, newest first.',
  params,
  query: z.strictObject(pageById('mov')),
  answer: pageOf(ApiPlanMove),
});

export const GetPlanMove = httpContract({
  ...reading,
  name: 'GetPlanMove',
  path: '/v1/plans/:id/moves/:move',
  summary: 'A move or its preview: how far it is, and what becomes of each subscription.',
  params: moveParams,
  query: z.strictObject({ ...pageById('sub'), status: RowStatus.optional() }),
  answer: ApiPlanMoveView,
});
