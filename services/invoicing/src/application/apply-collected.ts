import { type Actor, type NewId, platformFail, type Write } from '@quittance/kernel';

import { decidePayment, type PaymentDecision, type PaymentFacts } from '../domain/decide-payment.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type Numbering } from '../domain/issue-and-settle.ts';
import { type CapturedPayment } from '../domain/payment.ts';
import { type ApplyPayment } from './apply-payment.ts';
import { findTakenOver } from './find-taken-over.ts';
import { type Invoices, type InvoicingUnitOfWork, type Journal, type Orders, type Payments } from './ports.ts';
import { type NumberingDeps, readNumbering, sellerOfInvoice } from './read-numbering.ts';

interface Deps extends NumberingDeps {
  readonly invoices: Invoices;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly journal: Journal;
  readonly unitOfWork: InvoicingUnitOfWork;
  readonly newId: NewId;
}

/** Money that was collected without its customer, and the message that told of it. */
export interface Collected {
  readonly captured: CapturedPayment;
  readonly cause: { readonly id: string; readonly actor: Actor };
}

export type ApplyCollected = (collected: readonly Collected[]) => Promise<void>;

type Decided = Exclude<PaymentDecision, { kind: 'nothing' }>;

/**
 * What a run of charges brought, a whole batch in one commit. The invoices have their numbers already; where one has
 * not, or the same order is paid twice in one batch, nothing is done here and each payment is applied by itself.
 */
export const makeApplyCollected =
  (deps: Deps, applyPayment: ApplyPayment): ApplyCollected =>
  async (collected) => {
    const [first, ...others] = collected;
    if (first !== undefined && others.length === 0) return applyPayment(first.captured);
    const facts = await gather(deps, collected);
    const decisions = facts.map((one) => ({ before: one.invoice, decision: decidePayment(one) }));
    const writes = decisions.flatMap(({ before, decision }) =>
      decision.kind === 'nothing' ? [] : writesOf(deps, decision, before.version),
    );
    return deps.unitOfWork.commitAll([
      { writes, messages: [], audit: [] },
      ...decisions.flatMap(({ before, decision }, index) =>
        decision.kind === 'nothing' ? [] : [told(decision, before.correlationId, collected[index])],
      ),
    ]);
  };

const told = ({ messages, audit }: Decided, correlationId: string, collected: Collected | undefined) => ({
  writes: [],
  messages,
  audit,
  correlationId,
  ...(collected === undefined ? {} : { cause: collected.cause }),
});

const writesOf = (deps: Deps, decision: Decided, invoiceVersion: number): readonly Write[] => [
  ...(decision.kind === 'settle'
    ? [
        deps.invoices.update(decision.invoice, invoiceVersion),
        ...decision.alsoPaid.map(({ to, fromVersion }) => deps.invoices.update(to, fromVersion)),
      ]
    : []),
  deps.orders.updateStatus(decision.order, decision.orderWas),
  deps.payments.insert(decision.payment),
  deps.journal.append(decision.journal),
];

const gather = async (deps: Deps, collected: readonly Collected[]): Promise<readonly PaymentFacts[]> => {
  const payments = collected.map(({ captured }) => captured);
  const [orders, invoices, recorded] = await Promise.all([
    deps.orders.findMany(payments.map(({ orderId }) => orderId)),
    deps.invoices.findMany(payments.map(({ invoiceId }) => invoiceId)),
    deps.payments.findRecordedAmong(payments),
  ]);
  if (new Set(payments.map(({ orderId }) => orderId)).size < payments.length) throw oneByOne();
  const first = await numberingOf(deps, [...invoices.values()]);
  const takenOver = new Map(
    await Promise.all([...invoices.values()].map(async (one) => [one.id, await findTakenOver(deps, one)] as const)),
  );
  return payments.map((captured) => {
    const order = orders.get(captured.orderId);
    const invoice = invoices.get(captured.invoiceId);
    if (order === undefined || invoice?.id !== order.invoiceId || invoice.status === 'draft') throw oneByOne();
    const numbering = { ...first, version: deps.nextVersion(invoice.version) };
    const known = recorded.find(({ id, providerReference: reference }) => {
      return id === captured.id || reference === captured.providerReference;
    });
    const entryIds = { issue: deps.newId('jen'), payment: deps.newId('jen') };
    const carried = takenOver.get(invoice.id) ?? [];
    return { captured, recorded: known ?? null, order, invoice, takenOver: carried, numbering, entryIds };
  });
};

/** Of the moment and the seller; none of these invoices takes a number any more. */
const numberingOf = async (deps: Deps, [invoice]: readonly Invoice[]): Promise<Numbering> => {
  if (invoice === undefined) throw oneByOne();
  return readNumbering(deps, invoice, await sellerOfInvoice(deps, invoice));
};

const oneByOne = (): Error =>
  platformFail('platform.version_conflict', 'These payments cannot be applied together; each is applied by itself.');
