import { type NewId, platformFail } from '@quittance/kernel';

import { decidePayment, type PaymentFacts } from '../domain/decide-payment.ts';
import { type CapturedPayment } from '../domain/payment.ts';
import { type Seller } from '../domain/seller.ts';
import { findTakenOver } from './find-taken-over.ts';
import {
  type InNumberingQueue,
  type Invoices,
  type InvoicingUnitOfWork,
  type Journal,
  type Orders,
  type Payments,
} from './ports.ts';
import { type NumberingDeps, readNumbering, sellerOfInvoice } from './read-numbering.ts';

interface Deps extends NumberingDeps {
  readonly invoices: Invoices;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly journal: Journal;
  readonly inNumberingQueue: InNumberingQueue;
  readonly unitOfWork: InvoicingUnitOfWork;
  readonly newId: NewId;
}

export type ApplyPayment = (captured: CapturedPayment) => Promise<void>;

/**
 * Money arrived: number, issue date, payment and journal are one commit, or the money goes to the customer's balance.
 * All but the number is read before the queue, so that little is done in it; what changed meanwhile fails the commit.
 * @throws DomainError `platform.not_found` for an order that is not here yet; the bus brings the payment again.
 */
export const makeApplyPayment =
  (deps: Deps): ApplyPayment =>
  async (captured) => {
    const facts = await gather(deps, captured);
    if (facts.recorded !== null) return;
    const seller =
      facts.current.id === facts.invoice.seller.id ? facts.current : await sellerOfInvoice(deps, facts.invoice);
    // What was issued before has its number: it need not queue for one.
    if (facts.invoice.status === 'issued') {
      return apply(deps, { ...facts, numbering: await readNumbering(deps, facts.invoice, seller) });
    }
    return deps.inNumberingQueue(async () => {
      const numbering = await readNumbering(deps, facts.invoice, seller);
      await apply(deps, { ...facts, numbering });
    });
  };

type Gathered = Omit<PaymentFacts, 'numbering'> & { readonly current: Seller };

/** What the message names is read at once; only if the order says otherwise is there a second look. */
const gather = async (deps: Deps, captured: CapturedPayment): Promise<Gathered> => {
  const [recorded, order, named, current] = await Promise.all([
    deps.payments.findRecorded(captured),
    deps.orders.find('every_account', captured.orderId),
    deps.invoices.find('every_account', captured.invoiceId),
    deps.sellers.current(),
  ]);
  if (order === null) throw platformFail('platform.not_found', `Order ${captured.orderId} is not here yet.`);
  const invoice = named?.id === order.invoiceId ? named : await deps.invoices.find('every_account', order.invoiceId);
  if (invoice === null) throw platformFail('platform.not_found', `Order ${order.id} has no invoice.`);
  const entryIds = { issue: deps.newId('jen'), payment: deps.newId('jen') };
  const takenOver = await findTakenOver(deps, invoice);
  return { captured, recorded, order, invoice, takenOver, entryIds, current };
};

const apply = async (deps: Deps, facts: PaymentFacts): Promise<void> => {
  const decision = decidePayment(facts);
  if (decision.kind === 'nothing') return;
  const invoiceWrites =
    decision.kind === 'settle'
      ? [
          ...(decision.numbered ? [deps.numberSeries.take(facts.numbering.series, 1)] : []),
          deps.invoices.update(decision.invoice, facts.invoice.version),
          ...decision.alsoPaid.map(({ to, fromVersion }) => deps.invoices.update(to, fromVersion)),
        ]
      : [];
  await deps.unitOfWork.commit({
    writes: [
      ...invoiceWrites,
      deps.orders.updateStatus(decision.order, decision.orderWas),
      deps.payments.insert(decision.payment),
      deps.journal.append(decision.journal),
    ],
    messages: decision.messages,
    audit: decision.audit,
    correlationId: decision.payment.correlationId,
  });
};
