import { isDomainError } from '@quittance/kernel';

import { type AdoptionDecision } from '../domain/decide-adoption.ts';
import { IMPORT_SOURCE, type ImportRow, reportOf } from '../domain/import-row.ts';
import { type SubscriptionMessage } from '../domain/messages.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type LegacyDeps, makePrepareAdoption } from './adopt-legacy.ts';
import { type LegacyLink } from './ports.ts';

export interface ImportLine {
  readonly row: ImportRow;
  /** Changes with anything in the row: the same row again is nothing new. */
  readonly fingerprint: string;
}

export const IMPORT_OUTCOMES = ['created', 'linked', 'unchanged', 'refused'] as const;

export interface ImportResult {
  readonly outcome: (typeof IMPORT_OUTCOMES)[number];
  /** The subscription, or what to do about a refusal. */
  readonly text: string;
}

/** One row, in one commit. */
export type ImportLegacy = (line: ImportLine) => Promise<ImportResult>;

const STRIPE = 'stripe';

export const makeImportLegacy = (deps: LegacyDeps): ImportLegacy => {
  const prepare = makePrepareAdoption(deps);
  return async ({ row, fingerprint }) => {
    const known = await deps.links.find(IMPORT_SOURCE, row.legacyId);
    if (known !== null) return again(known, fingerprint);
    const read = reportOf(row, deps.clock.now());
    if ('refused' in read) return refused(read.refused);
    const own = { source: IMPORT_SOURCE, reference: row.legacyId, reportVersion: 0, fingerprint };
    const mirrored = row.stripeSubscription === null ? null : await deps.links.find(STRIPE, row.stripeSubscription);
    if (mirrored !== null) {
      const holder = await deps.subscriptions.find('every_account', mirrored.subscriptionId);
      if (holder?.accountId !== row.accountId) return refused(anothers(mirrored, holder));
      // It is here already, and who told of it knows it better than an export.
      const link = deps.links.insert({ ...own, subscriptionId: mirrored.subscriptionId });
      await deps.unitOfWork.commit({ writes: [link], messages: [], audit: [] });
      return { outcome: 'linked', text: `${mirrored.subscriptionId}, which is known as ${mirrored.reference}` };
    }
    const atStripe = row.stripeSubscription === null ? [] : [linkAtStripe(row.stripeSubscription)];
    try {
      const { productKey, planKey } = row;
      const { report } = read;
      const links = [own, ...atStripe];
      const { decision, apply } = await prepare({ report, productKey, planKey, links, tell: tellOf(row) });
      if (decision.kind === 'adopt') await apply();
      return resultOf(decision);
    } catch (error) {
      if (isDomainError(error) && error.kind !== 'internal' && error.kind !== 'unavailable')
        return refused(error.message);
      throw error;
    }
  };
};

/** So that the first renewal is taxed where the customer is, and can be charged. What has ended renews no more. */
const tellOf =
  ({ country, stripeCustomer, stripePaymentMethod, status }: ImportRow) =>
  ({ id: subscriptionId, accountId, price }: Subscription): readonly SubscriptionMessage[] => {
    if (status === 'cancelled') return [];
    const about = { subscriptionId, accountId };
    return [
      ...(country === null ? [] : [{ ...about, type: 'remember_buyer' as const, country, currency: price.currency }]),
      ...(stripeCustomer === null
        ? []
        : [
            {
              ...about,
              type: 'keep_method' as const,
              customerReference: stripeCustomer,
              methodReference: stripePaymentMethod,
            },
          ]),
    ];
  };

const linkAtStripe = (reference: string) => ({ source: STRIPE, reference, reportVersion: 0, fingerprint: null });

/** Linked, it would be two accounts' at once, and the row's own would have nothing. */
const anothers = ({ reference, subscriptionId }: LegacyLink, holder: Subscription | null): string =>
  `${reference} is ${subscriptionId} of account ${holder?.accountId ?? 'nobody'} here already. ` +
  'Correct account or stripe_subscription: one subscription is one account’s.';

const again = ({ subscriptionId, fingerprint: before }: LegacyLink, fingerprint: string): ImportResult =>
  before === fingerprint
    ? { outcome: 'unchanged', text: subscriptionId }
    : refused(`It was imported as ${subscriptionId} with other values. Change the subscription here, not the file.`);

const resultOf = (decision: AdoptionDecision): ImportResult => {
  switch (decision.kind) {
    case 'adopt': {
      const { id, status, planKey, period } = decision.subscription;
      return {
        outcome: 'created',
        text: `${id} ${status}, ${planKey} until ${period?.end.toISOString() ?? 'for ever'}`,
      };
    }
    case 'park':
      return refused(decision.message);
    case 'follow':
    case 'nothing':
      return refused('It is here already under another name.');
    default:
      return decision;
  }
};

const refused = (text: string): ImportResult => ({ outcome: 'refused', text });
