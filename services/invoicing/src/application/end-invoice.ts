import { type Clock, type Id, type NewId, platformFail } from '@quittance/kernel';

import { type CollectionFailure, decideCollectionFailure } from '../domain/decide-collection-failure.ts';
import { decideCancellation, decideOrderEnd, type VoidDecision } from '../domain/decide-voiding.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type CollectionOrder } from '../domain/order.ts';
import { findTakenOver } from './find-taken-over.ts';
import { type Invoices, type InvoicingUnitOfWork, type Journal, type NextVersion, type Orders } from './ports.ts';

interface Deps {
  readonly invoices: Invoices;
  readonly orders: Orders;
  readonly journal: Journal;
  readonly unitOfWork: InvoicingUnitOfWork;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly nextVersion: NextVersion;
}

export type EndInvoice = ReturnType<typeof makeEndInvoice>;

/** The ways an order or a draft ends unpaid. Each changes nothing when money, or another end, came first. */
export const makeEndInvoice = (deps: Deps) => ({
  orderEnded: async (
    orderId: Id<'ord'>,
    end: { readonly status: 'expired' | 'failed'; readonly note: string; readonly at: Date },
  ): Promise<void> => {
    const { order, invoice } = await gather(deps, orderId);
    if (invoice.status === 'issued')
      return failCollection(deps, { order, invoice }, { reason: 'other', failedAt: end.at });
    const takenOver = await findTakenOver(deps, invoice);
    return apply(deps, invoice, decideOrderEnd({ order, invoice, takenOver }, end, momentOf(deps, invoice)));
  },

  /** An automatic charge was declined. */
  collectionFailed: async (orderId: Id<'ord'>, failure: CollectionFailure): Promise<void> =>
    failCollection(deps, await gather(deps, orderId), failure),

  cancel: async (checkoutId: Id<'chk'>, note: string): Promise<void> => {
    const invoice = await deps.invoices.findForCheckout('every_account', checkoutId);
    // The cancellation may have overtaken the request for the invoice; the bus brings it again.
    if (invoice === null) throw platformFail('platform.not_found', `Checkout ${checkoutId} has no invoice yet.`);
    await cancel(deps, invoice, note);
  },

  cancelRenewal: async (subscriptionId: Id<'sub'>, periodStart: Date, note: string): Promise<void> => {
    const invoice = await deps.invoices.findForRenewal(subscriptionId, periodStart);
    // As above.
    if (invoice === null) {
      const period = `the period of ${subscriptionId} from ${periodStart.toISOString()}`;
      throw platformFail('platform.not_found', `There is no invoice yet for ${period}.`);
    }
    await cancel(deps, invoice, note);
  },
});

const cancel = async (deps: Deps, invoice: Invoice, note: string): Promise<void> => {
  const [order, takenOver] = await Promise.all([
    deps.orders.findOpen('every_account', invoice.id),
    findTakenOver(deps, invoice),
  ]);
  await apply(deps, invoice, decideCancellation({ order, invoice, takenOver }, note, momentOf(deps, invoice)));
};

interface Collected {
  readonly order: CollectionOrder;
  readonly invoice: Invoice;
}

const gather = async (deps: Deps, orderId: Id<'ord'>): Promise<Collected> => {
  const order = await deps.orders.find('every_account', orderId);
  if (order === null) throw platformFail('platform.not_found', `Order ${orderId} is not here yet.`);
  const invoice = await deps.invoices.find('every_account', order.invoiceId);
  if (invoice === null) throw platformFail('platform.not_found', `Order ${order.id} has no invoice.`);
  return { order, invoice };
};

const failCollection = async (deps: Deps, collected: Collected, failure: CollectionFailure): Promise<void> => {
  const decision = decideCollectionFailure(collected, failure);
  if (decision.kind === 'nothing') return;
  await deps.unitOfWork.commit({
    writes: [deps.orders.updateStatus(decision.order, collected.order.status)],
    messages: decision.messages,
    audit: decision.audit,
    correlationId: collected.invoice.correlationId,
  });
};

const momentOf = (deps: Deps, invoice: Invoice) => ({
  now: deps.clock.now(),
  version: deps.nextVersion(invoice.version),
  entryId: deps.newId('jen'),
});

const apply = async (deps: Deps, before: Invoice, decision: VoidDecision): Promise<void> => {
  if (decision.kind === 'nothing') return;
  const { invoice, order, orderWas, released, journal, messages, audit } = decision;
  await deps.unitOfWork.commit({
    writes: [
      deps.invoices.update(invoice, before.version),
      ...released.map(({ to, fromVersion }) => deps.invoices.update(to, fromVersion)),
      ...(order === null || orderWas === null ? [] : [deps.orders.updateStatus(order, orderWas)]),
      deps.journal.append(journal),
    ],
    messages,
    audit,
    correlationId: invoice.correlationId,
  });
};
