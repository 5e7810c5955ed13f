import { nextVersion } from '@quittance/database';
import { assembleService, type Kit, type Parts, type RunningService, type ServiceDeps } from '@quittance/service';

import {
  makeApplyCollected,
  makeApplyPayment,
  makeEndInvoice,
  makeIssueInvoices,
  makeNumberingQueue,
  makeOpenInvoice,
  makeQuoteInvoice,
  makeReadBalanceDue,
  makeReadInvoices,
  makeReadPayments,
  makeRememberBuyer,
  type PaidInvoice,
} from './application/index.ts';
import { type InvoicingConfig, minimumsOf, sellerOf } from './config.ts';
import { invoicingErrors } from './domain/errors.ts';
import { type InvoicingMessage } from './domain/messages.ts';
import { routes } from './http/routes.ts';
import { bindings } from './messaging/bindings.ts';
import { toOutgoingMessage } from './messaging/convert.ts';
import { makeBillingProfiles } from './persistence/billing-profiles.ts';
import { PrismaClient } from './persistence/generated/client.ts';
import { makeInvoices } from './persistence/invoices.ts';
import { makeJournal } from './persistence/journal.ts';
import { makeNumberSeries } from './persistence/number-series.ts';
import { makeNumberingTurn } from './persistence/numbering-turn.ts';
import { makeOrders } from './persistence/orders.ts';
import { makePayments } from './persistence/payments.ts';
import { makeSellers, saveSeller } from './persistence/sellers.ts';
import { checkVatIdByDigits } from './providers/jsvat-check.ts';
import { salesTaxRates } from './providers/sales-tax-rates.ts';

export { invoicingConfig, type InvoicingConfig } from './config.ts';
export { invoicingErrors } from './domain/errors.ts';

const ATTENTION_MAX = 500;
/** Renewals come by the thousand, and are handled as many at a time as have come. */
const TAKEN_AT_ONCE = 100;

export const buildService = (deps: ServiceDeps<InvoicingConfig>): RunningService =>
  assembleService<PrismaClient, InvoicingMessage, InvoicingConfig>({
    name: 'invoicing',
    deps,
    makeClient: (adapter) => new PrismaClient({ adapter }),
    toOutgoing: toOutgoingMessage,
    build: partsOf,
  });

const partsOf = (kit: Kit<PrismaClient, InvoicingMessage, InvoicingConfig>): Parts<InvoicingMessage> => {
  const { client, database, wallClock } = kit;
  const seller = sellerOf(kit.config);
  const invoices = makeInvoices(database);
  const payments = makePayments(database);
  const shared = {
    ...kit,
    invoices,
    payments,
    orders: makeOrders(database),
    journal: makeJournal(database),
    numberSeries: makeNumberSeries(database),
    sellers: makeSellers(database, seller.id),
    billingProfiles: makeBillingProfiles(client),
    taxRates: salesTaxRates,
    minimumOf: minimumsOf(kit.config),
    checkVatId: checkVatIdByDigits,
    nextVersion: (previous: number) => nextVersion(previous, wallClock.nowMs()),
    inNumberingQueue: makeNumberingQueue(makeNumberingTurn(kit.database.pool, kit.logger)),
  };
  const applyPayment = makeApplyPayment(shared);
  const readPayments = makeReadPayments(payments);
  return {
    routes: routes({
      readInvoices: makeReadInvoices(invoices),
      readPayments,
      readBalanceDue: makeReadBalanceDue(shared),
      quoteInvoice: makeQuoteInvoice(shared),
      billingProfiles: shared.billingProfiles,
    }),
    bindings: bindings({
      openInvoice: makeOpenInvoice(shared),
      issueInvoices: makeIssueInvoices(shared),
      applyPayment,
      applyCollected: makeApplyCollected(shared, applyPayment),
      endInvoice: makeEndInvoice(shared),
      rememberBuyer: makeRememberBuyer(shared),
    }),
    jobs: [],
    prefetch: TAKEN_AT_ONCE,
    errors: invoicingErrors,
    prepare: () => saveSeller(client, seller),
    attention: () => readPayments.attention(ATTENTION_MAX),
    republish: async function* (since) {
      for await (const settled of invoices.settledSince(since)) yield* toldAgain(settled);
    },
  };
};

/** What a carried invoice bills was given when it was carried; that it is paid comes later, or not yet. */
function* toldAgain({ invoice, payment }: PaidInvoice): Generator<InvoicingMessage> {
  if (invoice.carriedAt !== null) yield { type: 'invoice_carried', invoice };
  if (invoice.status === 'paid') yield { type: 'invoice_paid', invoice, payment };
}
