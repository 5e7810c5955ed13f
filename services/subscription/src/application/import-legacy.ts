import { isDomainError } from '@quittance/kernel';

import { type AdoptionDecision } from '../domain/decide-adoption.ts';
import { IMPORT_SOURCE, type ImportRow, reportOf } from '../domain/import-row.ts';
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

/** One row, in one commit; `dryRun` tells what would come of it and changes nothing. */
export type ImportLegacy = (line: ImportLine, dryRun: boolean) => Promise<ImportResult>;

const STRIPE = 'stripe';

export const makeImportLegacy = (deps: LegacyDeps): ImportLegacy => {
  const prepare = makePrepareAdoption(deps);
  return async ({ row, fingerprint }, dryRun) => {
    const known = await deps.links.find(IMPORT_SOURCE, row.legacyId);
    if (known !== null) return again(known, fingerprint);
    const read = reportOf(row, deps.clock.now());
    if ('refused' in read) return refused(read.refused);
    const own = { source: IMPORT_SOURCE, reference: row.legacyId, reportVersion: 0, fingerprint };
    const mirrored = row.stripeSubscription === null ? null : await deps.links.find(STRIPE, row.stripeSubscription);
    if (mirrored !== null) {
      // Stripe has told of it already, and knows it better than an export.
      if (!dryRun) {
        const link = deps.links.insert({ ...own, subscriptionId: mirrored.subscriptionId });
        await deps.unitOfWork.commit({ writes: [link], messages: [], audit: [] });
      }
      return { outcome: 'linked', text: `${mirrored.subscriptionId}, which Stripe has told of` };
    }
    const atStripe = row.stripeSubscription === null ? [] : [linkAtStripe(row.stripeSubscription)];
    try {
      const { productKey, planKey } = row;
      const { decision, apply } = await prepare({
        report: read.report,
        productKey,
        planKey,
        links: [own, ...atStripe],
      });
      if (decision.kind === 'adopt' && !dryRun) await apply();
      return resultOf(decision);
    } catch (error) {
      if (isDomainError(error) && error.kind !== 'internal' && error.kind !== 'unavailable')
        return refused(error.message);
      throw error;
    }
  };
};

const linkAtStripe = (reference: string) => ({ source: STRIPE, reference, reportVersion: 0, fingerprint: null });

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
