import { type Violation } from './fault.ts';
import { everythingAudited } from './invariants/audit.ts';
import { type Check } from './invariants/check.ts';
import { couponsKeepTheirCap } from './invariants/coupons.ts';
import { numbersAreGapless, oneInvoicePerPurpose } from './invariants/invoices.ts';
import { chainVerifies, nothingCanBeRewritten } from './invariants/ledgers.ts';
import { messagesArrive, nothingDied } from './invariants/messages.ts';
import { chargesMatchPayments, ledgerBalances, nobodyPaysTwice } from './invariants/money.ts';
import { webhooksEnd } from './invariants/webhooks.ts';
import { allWorkEnds } from './invariants/work.ts';
import { type Truths } from './truths.ts';

/** Every invariant that holds for what is built, each from the provider's books, our payments and our ledger; and L1. */
export const checkInvariants = (truths: Truths): Promise<readonly Violation[]> => all(CHECKS, truths);

/** What is asked once, in a world that is quiet: it takes long, or tries to do what must not be done. */
export const checkWhenQuiet = (truths: Truths): Promise<readonly Violation[]> => all(CHECKS_WHEN_QUIET, truths);

const all = async (checks: readonly Check[], truths: Truths): Promise<readonly Violation[]> => {
  const found = await Promise.all(checks.map((check) => check(truths)));
  return found.flat();
};

const CHECKS: readonly Check[] = [
  ledgerBalances,
  chargesMatchPayments,
  nobodyPaysTwice,
  webhooksEnd,
  messagesArrive,
  nothingDied,
  everythingAudited,
  couponsKeepTheirCap,
  oneInvoicePerPurpose,
  numbersAreGapless,
  allWorkEnds,
];

const CHECKS_WHEN_QUIET: readonly Check[] = [nothingCanBeRewritten, chainVerifies];
