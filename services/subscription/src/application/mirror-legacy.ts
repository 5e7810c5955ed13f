import { type AccountId } from '@quittance/kernel';

import { type LegacyReport } from '../domain/legacy.ts';
import { type Adoption, type LegacyDeps, makePrepareAdoption } from './adopt-legacy.ts';

/** What the rail read at the provider that renews by itself. */
export interface MirrorReport {
  readonly report: Omit<LegacyReport, 'accountId'> & { readonly accountId: AccountId | null };
  readonly productKey: string | null;
  readonly planKey: string | null;
  readonly version: number;
}

export type MirrorLegacy = (mirror: MirrorReport) => Promise<void>;

/** Whatever order reports come in, the newest stands; what nobody can tell the owner of waits for a person. */
export const makeMirrorLegacy = (deps: LegacyDeps): MirrorLegacy => {
  const prepare = makePrepareAdoption(deps);
  return async ({ report, productKey, planKey, version }) => {
    const { source, reference } = report;
    const link = await deps.links.find(source, reference);
    if (link !== null && link.reportVersion >= version) return;
    const owner = link === null ? { ...report, productKey, planKey } : await ownerOf(deps, link.subscriptionId);
    if (owner === null || owner.accountId === null || owner.productKey === null || owner.planKey === null) {
      // What ended before anybody knew it is no one's work.
      if (report.status !== 'cancelled') await park(deps, report);
      return;
    }
    const adoption: Adoption = {
      report: { ...report, accountId: owner.accountId },
      productKey: owner.productKey,
      planKey: owner.planKey,
      links: [{ source, reference, reportVersion: version, fingerprint: null }],
    };
    const prepared = await prepare(adoption);
    // It began and ended before we heard of it.
    if (prepared.decision.kind === 'adopt' && report.status === 'cancelled') return;
    await prepared.apply();
  };
};

/** Once linked, what we know of it decides whose it is and of which plan, whatever is written on it there. */
const ownerOf = ({ subscriptions }: LegacyDeps, id: Parameters<LegacyDeps['subscriptions']['find']>[1]) =>
  subscriptions.find('every_account', id);

const park = async (deps: LegacyDeps, { source, reference }: MirrorReport['report']): Promise<void> => {
  const item = {
    id: deps.newId('att'),
    code: 'subscription.legacy_unclaimed',
    message:
      `${source} renews ${reference}, and nothing on it says whose it is. Import it with its account, product and ` +
      'plan (`import-legacy`), or end it there.',
    subject: { type: 'legacy_subscription', id: reference },
    accountId: null,
    correlationId: reference,
    since: deps.clock.now(),
  };
  await deps.unitOfWork.commit({ writes: [deps.parkedWork.park(item)], messages: [], audit: [] });
};
