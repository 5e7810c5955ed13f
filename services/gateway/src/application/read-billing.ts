import { type AccountId, type Clock } from '@quittance/kernel';

/** One part of an aggregated answer: when it was read, or null and why. */
export interface Part<Data> {
  readonly asOf: Date;
  readonly data: Data | null;
  readonly problem: string | null;
}

/** A subscription as far as the next charge is concerned. */
interface Charged {
  readonly id: string;
  readonly nextCharge: { readonly at: string } | null;
}

/** What a billing page is made of; each may fail alone. */
export interface BillingSources<Subscription extends Charged, Invoice, Payment, Owed> {
  readonly subscriptions: (accountId: AccountId) => Promise<readonly Subscription[]>;
  readonly invoices: (accountId: AccountId) => Promise<readonly Invoice[]>;
  readonly payments: (accountId: AccountId) => Promise<readonly Payment[]>;
  readonly balanceDue: (accountId: AccountId) => Promise<readonly Owed[]>;
}

export const readBilling = async <Subscription extends Charged, Invoice, Payment, Owed>(
  sources: BillingSources<Subscription, Invoice, Payment, Owed>,
  accountId: AccountId,
  clock: Clock,
) => {
  const [subscriptions, invoices, payments, balanceDue] = await Promise.all([
    readPart('Subscriptions', () => sources.subscriptions(accountId), clock),
    readPart('Invoices', () => sources.invoices(accountId), clock),
    readPart('Payments', () => sources.payments(accountId), clock),
    readPart('The balance due', () => sources.balanceDue(accountId), clock),
  ]);
  return { subscriptions, invoices, payments, balanceDue, next: nextCharged(subscriptions.data ?? []) };
};

/** The subscription that is charged first. */
const nextCharged = <Subscription extends Charged>(subscriptions: readonly Subscription[]): Subscription | null =>
  subscriptions
    .filter(({ nextCharge }) => nextCharge !== null)
    .toSorted((left, right) => (left.nextCharge?.at ?? '').localeCompare(right.nextCharge?.at ?? ''))[0] ?? null;

const readPart = async <Data>(name: string, read: () => Promise<Data>, clock: Clock): Promise<Part<Data>> => {
  try {
    const data = await read();
    return { asOf: clock.now(), data, problem: null };
  } catch {
    return { asOf: clock.now(), data: null, problem: `${name} cannot be read just now; the rest is current.` };
  }
};
