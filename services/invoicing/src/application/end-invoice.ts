import { type Clock, type Id, platformFail } from '@quittance/kernel';

import { decideCancellation, decideOrderEnd, type VoidDecision } from '../domain/decide-voiding.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type Invoices, type InvoicingUnitOfWork, type NextVersion, type Orders } from './ports.ts';

interface Deps {
  readonly invoices: Invoices;
  readonly orders: Orders;
  readonly unitOfWork: InvoicingUnitOfWork;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
}

export type EndInvoice = ReturnType<typeof makeEndInvoice>;

/** The ways a draft ends unpaid. Each changes nothing when money, or another end, came first. */
export const makeEndInvoice = (deps: Deps) => ({
  orderEnded: async (
    orderId: Id<'ord'>,
    end: { readonly status: 'expired' | 'failed'; readonly note: string },
  ): Promise<void> => {
    const order = await deps.orders.find('every_account', orderId);
    if (order === null) throw platformFail('platform.not_found', `Order ${orderId} is not here yet.`);
    const invoice = await deps.invoices.find('every_account', order.invoiceId);
    if (invoice === null) throw platformFail('platform.not_found', `Order ${order.id} has no invoice.`);
    await apply(deps, invoice, decideOrderEnd({ order, invoice }, end, momentOf(deps, invoice)));
  },

  cancel: async (checkoutId: Id<'chk'>, note: string): Promise<void> => {
    const invoice = await deps.invoices.findForCheckout('every_account', checkoutId);
    // The cancellation may have overtaken the request for the invoice; the bus brings it again.
    if (invoice === null) throw platformFail('platform.not_found', `Checkout ${checkoutId} has no invoice yet.`);
    const order = await deps.orders.findOpen('every_account', invoice.id);
    await apply(deps, invoice, decideCancellation({ order, invoice }, note, momentOf(deps, invoice)));
  },
});

const momentOf = (deps: Deps, invoice: Invoice) => ({
  now: deps.clock.now(),
  version: deps.nextVersion(invoice.version),
});

const apply = async (deps: Deps, before: Invoice, decision: VoidDecision): Promise<void> => {
  if (decision.kind === 'nothing') return;
  const { invoice, order, orderWas, messages, audit } = decision;
  await deps.unitOfWork.commit({
    writes: [
      deps.invoices.update(invoice, before.version),
      ...(order === null || orderWas === null ? [] : [deps.orders.updateStatus(order, orderWas)]),
    ],
    messages,
    audit,
    correlationId: invoice.correlationId,
  });
};
