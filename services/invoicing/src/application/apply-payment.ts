import { type NewId, platformFail } from '@quittance/kernel';

import { decidePayment, type PaymentFacts } from '../domain/decide-payment.ts';
import { type CapturedPayment } from '../domain/payment.ts';
import {
  type InNumberingQueue,
  type Invoices,
  type InvoicingUnitOfWork,
  type Journal,
  type Orders,
  type Payments,
} from './ports.ts';
import { type NumberingDeps, readNumbering } from './read-numbering.ts';

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
 * @throws DomainError `platform.not_found` for an order that is not here yet; the bus brings the payment again.
 */
export const makeApplyPayment =
  (deps: Deps): ApplyPayment =>
  (captured) =>
    deps.inNumberingQueue(async () => {
      const facts = await gather(deps, captured);
      const decision = decidePayment(facts);
      if (decision.kind === 'nothing') return;
      const invoiceWrites =
        decision.kind === 'settle'
          ? [
              deps.numberSeries.take(facts.numbering.series),
              deps.invoices.update(decision.invoice, facts.invoice.version),
            ]
          : [];
      await deps.unitOfWork.commit({
        writes: [
          ...invoiceWrites,
          deps.orders.updateStatus(decision.order, decision.orderWas),
          deps.payments.insert(decision.payment),
          ...decision.journal.map((entry) => deps.journal.append(entry)),
        ],
        messages: decision.messages,
        audit: decision.audit,
        correlationId: decision.payment.correlationId,
      });
    });

const gather = async (deps: Deps, captured: CapturedPayment): Promise<PaymentFacts> => {
  const [recorded, order] = await Promise.all([
    deps.payments.findRecorded(captured),
    deps.orders.find('every_account', captured.orderId),
  ]);
  if (order === null) throw platformFail('platform.not_found', `Order ${captured.orderId} is not here yet.`);
  const invoice = await deps.invoices.find('every_account', order.invoiceId);
  if (invoice === null) throw platformFail('platform.not_found', `Order ${order.id} has no invoice.`);
  const numbering = await readNumbering(deps, invoice);
  return {
    captured,
    recorded,
    order,
    invoice,
    numbering,
    entryIds: { issue: deps.newId('jen'), payment: deps.newId('jen') },
  };
};
