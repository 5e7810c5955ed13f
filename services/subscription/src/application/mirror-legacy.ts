import { type AccountId, type Write } from '@quittance/kernel';
import { equals, toDecimal } from '@quittance/money';

import { type LegacyReport } from '../domain/legacy.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type Adoption, type LegacyDeps, makePrepareAdoption } from './adopt-legacy.ts';

/** What the rail read at the provider that renews by itself. */
export interface MirrorReport {
  readonly report: Omit<LegacyReport, 'accountId'> & { readonly accountId: AccountId | null };
  readonly productKey: string | null;
  readonly planKey: string | null;
  /** `plan`: the price it is renewed by says which plan it is for, so it is right also after a change there. */
  readonly pricedAs: 'plan' | 'unknown';
  readonly priceReference: string | null;
  readonly version: number;
}

export type MirrorLegacy = (mirror: MirrorReport) => Promise<void>;

/** Whatever order reports come in, the newest stands; what nobody can tell the owner of waits for a person. */
export const makeMirrorLegacy = (deps: LegacyDeps): MirrorLegacy => {
  const prepare = makePrepareAdoption(deps);
  return async (mirror) => {
    const { report, productKey, planKey, version } = mirror;
    const { source, reference } = report;
    const link = await deps.links.find(source, reference);
    if (link !== null && link.reportVersion >= version) return;
    const known = link && (await deps.subscriptions.find('every_account', link.subscriptionId));
    const owner =
      link === null ? { ...report, productKey, planKey, parked: [] } : known && (await ownerOf(deps, known, mirror));
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
      writes: owner.parked,
    };
    const prepared = await prepare(adoption);
    // It began and ended before we heard of it.
    if (prepared.decision.kind === 'adopt' && report.status === 'cancelled') return;
    await prepared.apply();
  };
};

/**
 * Once linked, what we know of it decides whose it is, whatever is written on it there; of which plan it is says its
 * price, if that says so. A price that nobody knows the plan of waits for a person, while everything else is followed.
 */
const ownerOf = async (deps: LegacyDeps, known: Subscription, mirror: MirrorReport) => {
  const { productKey, planKey } = mirror;
  if (mirror.pricedAs === 'unknown') {
    return { ...known, parked: isPricedAnew(known, mirror) ? [parkedPlan(deps, known, mirror)] : [] };
  }
  if (planKey === known.planKey && productKey === known.productKey) return { ...known, parked: [] };
  const plan = productKey === known.productKey && planKey ? await deps.plans.findByKeys(productKey, planKey) : null;
  return plan === null
    ? { ...known, parked: [parkedPlan(deps, known, mirror)] }
    : { ...known, planKey: plan.key, parked: [] };
};

/** Another amount or cycle: perhaps another plan, perhaps only another price. */
const isPricedAnew = ({ items, interval }: Subscription, { report }: MirrorReport): boolean =>
  report.status !== 'cancelled' &&
  (interval !== report.interval || items[0] === undefined || !equals(items[0].unitPrice, report.unitPrice));

const parkedPlan = (deps: LegacyDeps, known: Subscription, mirror: MirrorReport): Write => {
  const { source, reference, unitPrice, interval } = mirror.report;
  const price = mirror.priceReference ?? `${toDecimal(unitPrice)} ${unitPrice.currency} each ${interval}`;
  const said = mirror.pricedAs === 'plan' ? `, for plan ${mirror.planKey} of ${mirror.productKey}` : '';
  return deps.parkedWork.park({
    id: deps.newId('att'),
    code: 'subscription.legacy_plan_unknown',
    message:
      `${source} renews ${reference} by ${price}${said}, which is no plan known here for ${known.id}: it keeps ` +
      `${known.planKey} and what that allows. If its plan was changed there, say which plan the price is for ` +
      '(STRIPE_PRICE_PLANS, or `product` and `plan` on the price), and send its last event again.',
    subject: { type: 'legacy_subscription', id: `${reference} ${price}` },
    accountId: known.accountId,
    correlationId: reference,
    since: deps.clock.now(),
  });
};

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
