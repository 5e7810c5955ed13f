import { type Actor, type NewId, platformFail } from '@quittance/kernel';

import { decideIssuing, type IssuingDecision } from '../domain/decide-issuing.ts';
import { type InvoiceRequest } from '../domain/decide-opening.ts';
import { type Numbering } from '../domain/issue-and-settle.ts';
import { type Draft, draftInvoices, type DraftingDeps, takeOver } from './draft-invoices.ts';
import {
  type InNumberingQueue,
  type InvoicingUnitOfWork,
  type Journal,
  type NumberSeriesStore,
  type Orders,
  purposeKeyOf,
} from './ports.ts';
import { readNumbering, sellerOfInvoice } from './read-numbering.ts';

interface Deps extends DraftingDeps {
  readonly orders: Orders;
  readonly journal: Journal;
  readonly numberSeries: NumberSeriesStore;
  readonly inNumberingQueue: InNumberingQueue;
  readonly unitOfWork: InvoicingUnitOfWork;
  readonly newId: NewId;
}

/** A request, and the message that brought it. */
export interface CausedRequest {
  readonly request: InvoiceRequest;
  readonly cause: { readonly id: string; readonly actor: Actor };
}

export type IssueInvoices = (requests: readonly CausedRequest[]) => Promise<void>;

/**
 * Invoices that are collected without their customers, each once per purpose: numbered one after the other, issued,
 * booked and handed to the rail, a whole batch in one commit. All of them, or none.
 */
export const makeIssueInvoices =
  (deps: Deps): IssueInvoices =>
  async (requests) => {
    const fresh = await withoutServed(deps, requests);
    if (fresh.length === 0) return;
    const drafts = await draftInvoices(
      deps,
      fresh.map(({ request }) => request),
    );
    await deps.inNumberingQueue(async () => {
      const numbering = await readFirstNumber(deps, drafts);
      await issueAll(deps, fresh, { drafts, numbering });
    });
  };

/** A request that comes again finds its invoice, whatever became of that since; one batch may hold it twice. */
const withoutServed = async (
  { invoices }: Deps,
  requests: readonly CausedRequest[],
): Promise<readonly CausedRequest[]> => {
  const served = await invoices.invoicedPurposes(requests.map(({ request }) => request));
  const firstOfEach = new Map(requests.toReversed().map((each) => [purposeKeyOf(each.request), each]));
  return [...firstOfEach].toReversed().flatMap(([key, each]) => (served.has(key) ? [] : [each]));
};

const readFirstNumber = async (deps: Deps, drafts: readonly Draft[]): Promise<Numbering> => {
  const [first] = drafts;
  if (first === undefined) throw platformFail('platform.not_found', 'There is nothing to number.');
  return readNumbering(deps, first.invoice, await sellerOfInvoice(deps, first.invoice));
};

const issueAll = async (
  deps: Deps,
  requests: readonly CausedRequest[],
  { drafts, numbering }: { readonly drafts: readonly Draft[]; readonly numbering: Numbering },
): Promise<void> => {
  const { series } = numbering;
  const decisions = drafts.map(({ invoice: draft, minimum }, index) =>
    decideIssuing({
      draft,
      numbering: { ...numbering, series: { ...series, next: series.next + BigInt(index) } },
      orderId: deps.newId('ord'),
      entryIds: { issue: deps.newId('jen'), carry: deps.newId('jen') },
      minimum,
    }),
  );
  const taken = drafts.flatMap((draft) => takeOver(deps, draft));
  const writes = [deps.numberSeries.take(series, decisions.length), ...rowsOf(deps, decisions), ...taken];
  await deps.unitOfWork.commitAll([
    { writes, messages: [], audit: [] },
    ...decisions.map(({ invoice, messages, audit }, index) => ({
      writes: [],
      messages,
      audit,
      correlationId: invoice.correlationId,
      ...causeOf(requests[index]),
    })),
  ]);
};

const rowsOf = ({ invoices, orders, journal }: Deps, decisions: readonly IssuingDecision[]) => [
  invoices.insert(decisions.map(({ invoice }) => invoice)),
  orders.insert(decisions.flatMap(({ order }) => (order === null ? [] : [order]))),
  journal.append(decisions.flatMap((decision) => decision.journal)),
];

const causeOf = (request: CausedRequest | undefined) => (request === undefined ? {} : { cause: request.cause });
