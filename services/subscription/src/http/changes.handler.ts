import {
  ChangeSubscription,
  CommitSubscriptionItems,
  ListSubscriptionChanges,
  PlanSubscriptionChange,
  PlanSubscriptionItems,
  UndoSubscriptionChange,
} from '@quittance/contracts';
import { accepted, handle, ok, type RequestFacts, scopeOf } from '@quittance/http';
import { type AccountScope, type Id, type Principal } from '@quittance/kernel';

import {
  type ChangeSubscription as ChangeUseCase,
  type CommittedChange,
  type ReadCheckout,
  type RequireCoupon,
  type ScheduledChanges,
} from '../application/index.ts';
import {
  fromApiCollect,
  fromApiOperatorWish,
  fromApiQuote,
  fromApiWish,
  toApiChange,
  toApiPlannedChange,
} from './convert-change.ts';
import { toApiCheckout, toApiSubscription } from './convert.ts';

export const planChangeHandler = (change: ChangeUseCase) =>
  handle(PlanSubscriptionChange, async ({ params, body, principal }) => {
    const asked = { wish: fromApiWish(body), ...askedBy(principal), quote: null };
    return ok(toApiPlannedChange(await change.preview(scopeOf(principal), { subscriptionId: params.id, ...asked })));
  });

export const planItemsHandler = (change: ChangeUseCase) =>
  handle(PlanSubscriptionItems, async ({ params, body, principal }) => {
    const asked = { wish: fromApiOperatorWish(body), ...askedBy(principal), quote: null };
    return ok(toApiPlannedChange(await change.preview(scopeOf(principal), { subscriptionId: params.id, ...asked })));
  });

export const changeHandler = (cases: CommitCases) =>
  handle(ChangeSubscription, (call) => commit(cases, call, fromApiWish(call.body)));

export const commitItemsHandler = (cases: CommitCases) =>
  handle(CommitSubscriptionItems, (call) => commit(cases, call, fromApiOperatorWish(call.body)));

export const listChangesHandler = (changes: ScheduledChanges) =>
  handle(ListSubscriptionChanges, async ({ params, query, principal }) => {
    const page = { limit: query.limit, after: query.after ?? null };
    const { items, nextCursor } = await changes.list(scopeOf(principal), params.id, page);
    return ok({ data: items.map(toApiChange), nextCursor });
  });

export const undoChangeHandler = (changes: ScheduledChanges) =>
  handle(UndoSubscriptionChange, async ({ params, principal }) =>
    ok(toApiChange(await changes.undo(scopeOf(principal), params.id, params.change))),
  );

interface CommitCases {
  readonly changeSubscription: ChangeUseCase;
  readonly readCheckout: ReadCheckout;
  readonly requireCoupon: RequireCoupon;
}

interface CommitCall {
  readonly params: { readonly id: Id<'sub'> };
  readonly body: Parameters<typeof fromApiCollect>[0] & {
    readonly quote?: Parameters<typeof fromApiQuote>[0];
    readonly reason?: string | undefined;
    readonly expectedVersion?: number | undefined;
  };
  readonly principal: Principal;
  readonly request: RequestFacts;
}

/** What a customer and what an operator may wish for differs; doing it is the same. */
const commit = async (
  cases: CommitCases,
  { params, body, principal, request }: CommitCall,
  wish: Parameters<ChangeUseCase['commit']>[1]['wish'],
) => {
  const ids = { change: request.reservedId('chg'), checkout: request.reservedId('chk') };
  const asked = {
    subscriptionId: params.id,
    wish,
    quote: fromApiQuote(body.quote),
    collect: fromApiCollect(body, ids.checkout),
    reason: body.reason ?? null,
    expectedVersion: body.expectedVersion ?? null,
    ...askedBy(principal),
  };
  const scope = scopeOf(principal);
  return answer(cases, scope, await cases.changeSubscription.commit(scope, asked, ids));
};

const askedBy = (principal: Principal) => ({ byOperator: principal.permissions.has('tenant_subscription.write') });

/**
 * Whoever has to pay waits until there is something to pay; then they get a 202 and a place to look. What turned out to
 * be too little to collect has taken effect meanwhile, and is told as it is now.
 */
const answer = async (
  { changeSubscription, readCheckout, requireCoupon }: CommitCases,
  scope: AccountScope,
  committed: CommittedChange,
) => {
  const view = committed.checkoutId === null ? null : await readCheckout.untilPayable(scope, committed.checkoutId);
  if (view !== null) await requireCoupon(view.checkout.id);
  const now =
    view?.checkout.status === 'completed' ? await changeSubscription.read(scope, committed.change.id) : committed;
  const body = {
    change: toApiChange(now.change),
    subscription: toApiSubscription(now.subscription),
    checkout: view && toApiCheckout(view),
  };
  return view?.checkout.status === 'opening' ? accepted(body) : ok(body);
};
