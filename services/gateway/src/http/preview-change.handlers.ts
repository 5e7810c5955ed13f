import {
  type ApiPlannedChange,
  PlanSubscriptionChange,
  PlanSubscriptionItems,
  PreviewSubscriptionChange,
  PreviewSubscriptionItems,
  QuoteInvoice,
} from '@quittance/contracts';
import { handle, ok, type Route } from '@quittance/http';
import { type Principal } from '@quittance/kernel';
import { type z } from 'zod';

import { type CallService } from '../application/index.ts';
import { callContract } from './call-contract.ts';

type Planned = z.output<typeof ApiPlannedChange>;

/** What a change would do (subscription) and come to with tax (invoicing): each asked where the commit will ask it. */
export const previewChangeRoutes = (callService: CallService): readonly Route[] => [
  handle(PreviewSubscriptionChange, async ({ params, body, principal, request }) => {
    const caller = { principal, requestId: request.id };
    const planned = await callContract(callService, PlanSubscriptionChange, { ...caller, params, body });
    return ok(await withTax(callService, planned, caller));
  }),
  handle(PreviewSubscriptionItems, async ({ params, body, principal, request }) => {
    const caller = { principal, requestId: request.id };
    const planned = await callContract(callService, PlanSubscriptionItems, { ...caller, params, body });
    return ok(await withTax(callService, planned, caller));
  }),
];

interface Caller {
  readonly principal: Principal;
  readonly requestId: string;
}

const withTax = async (callService: CallService, planned: Planned, caller: Caller) => {
  const { lines, nextLines, accountId, productId, currency, country, ...shown } = planned;
  const about = { accountId, productId, subscriptionId: planned.subscriptionId, currency, country };
  const quote = await callContract(callService, QuoteInvoice, { ...caller, body: { ...about, lines, nextLines } });
  return { ...shown, ...quote };
};
