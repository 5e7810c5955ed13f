import { assertNever, type Clock, type Id, type NewId, platformFail, type Write } from '@quittance/kernel';

import { type AdoptionDecision, decideAdoption } from '../domain/decide-adoption.ts';
import { documentOf } from '../domain/entitlement-document.ts';
import { type LegacyReport } from '../domain/legacy.ts';
import { type SubscriptionMessage } from '../domain/messages.ts';
import { type Subscription } from '../domain/subscription.ts';
import {
  type LegacyLink,
  type LegacyLinks,
  type NextVersion,
  type ParkedWork,
  type Plans,
  type Subscriptions,
  type SubscriptionUnitOfWork,
} from './ports.ts';

export interface LegacyDeps {
  readonly plans: Plans;
  readonly subscriptions: Subscriptions;
  readonly links: LegacyLinks;
  readonly parkedWork: ParkedWork;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly nextVersion: NextVersion;
}

export interface Adoption {
  readonly report: LegacyReport;
  readonly productKey: string;
  readonly planKey: string;
  /** The links by which it may be known; the first that is known says which subscription it is. */
  readonly links: readonly Pick<LegacyLink, 'source' | 'reference' | 'reportVersion' | 'fingerprint'>[];
  /** What is kept beside it, whatever is decided. */
  readonly writes?: readonly Write[];
  /** What others are told with it, once it is adopted. */
  readonly tell?: (adopted: Subscription) => readonly SubscriptionMessage[];
}

export interface PreparedAdoption {
  readonly decision: AdoptionDecision;
  /** Does what was decided, in one commit. */
  apply(): Promise<void>;
}

/** Gathers and decides; whoever only wants to look stops there. */
export type PrepareAdoption = (adoption: Adoption) => Promise<PreparedAdoption>;

/** @throws platform.not_found while the plan is not known here. */
export const makePrepareAdoption =
  (deps: LegacyDeps): PrepareAdoption =>
  async (adoption) => {
    const gathered = await gather(deps, adoption);
    const version = deps.nextVersion(gathered.highest);
    const facts = { ...gathered, report: adoption.report, newId: deps.newId('sub'), now: deps.clock.now(), version };
    const decision = decideAdoption(facts);
    return { decision, apply: () => apply(deps, adoption, { ...gathered, decision }) };
  };

const gather = async (deps: LegacyDeps, { report, productKey, planKey, links }: Adoption) => {
  const plan = await deps.plans.findByKeys(productKey, planKey);
  if (plan === null) {
    throw platformFail('platform.not_found', `There is no plan ${planKey} of a product ${productKey} here.`);
  }
  const pairs = await Promise.all(
    links.map(async (link): Promise<LinkPair> => ({
      link,
      before: await deps.links.find(link.source, link.reference),
    })),
  );
  const subscriptionId = pairs.find(({ before }) => before !== null)?.before?.subscriptionId ?? null;
  const [known, otherLive, hadTrial, highest] = await Promise.all([
    subscriptionId && deps.subscriptions.find('every_account', subscriptionId),
    deps.subscriptions.findLive(report.accountId, plan.productId),
    deps.subscriptions.hadTrial(report.accountId, plan.productId),
    deps.subscriptions.highestVersion(report.accountId, plan.productId),
  ]);
  return { plan, pairs, known, otherLive, hadTrial, highest };
};

type Gathered = Awaited<ReturnType<typeof gather>> & { readonly decision: AdoptionDecision };

const apply = async (deps: LegacyDeps, adoption: Adoption, gathered: Gathered): Promise<void> => {
  const { decision, known } = gathered;
  const correlationId = adoption.report.reference;
  switch (decision.kind) {
    case 'nothing':
    case 'park': {
      const links = linked(deps, gathered.pairs, known?.id ?? null);
      const parked = decision.kind === 'park' ? [parkedItem(deps, adoption, decision)] : [];
      await deps.unitOfWork.commit({
        writes: [...parked, ...links, ...(adoption.writes ?? [])],
        messages: [],
        audit: [],
        correlationId,
      });
      return;
    }
    case 'adopt':
    case 'follow': {
      const { subscription } = decision;
      const entitlements = await deps.plans.entitlementsOf(subscription.items);
      await deps.unitOfWork.commit({
        writes: [
          ...subscriptionWrites(deps, gathered, decision),
          ...linked(deps, gathered.pairs, subscription.id),
          ...(adoption.writes ?? []),
        ],
        messages: [
          { type: 'entitlements_changed', document: documentOf(subscription, entitlements) },
          ...(decision.kind === 'adopt' ? (adoption.tell?.(subscription) ?? []) : []),
        ],
        audit: decision.audit,
        correlationId,
      });
      return;
    }
    default:
      assertNever(decision);
  }
};

const subscriptionWrites = (
  { subscriptions }: LegacyDeps,
  { known, otherLive }: Gathered,
  { subscription, replaced }: Extract<AdoptionDecision, { kind: 'adopt' | 'follow' }>,
): readonly Write[] => [
  // The place is freed before it is taken: one live subscription per account and product.
  ...(replaced === null || otherLive === null ? [] : [subscriptions.update(replaced, otherLive.version)]),
  known === null ? subscriptions.insert(subscription) : subscriptions.update(subscription, known.version),
];

/** Known links hear how new the report is; the others are made as soon as there is something to link to. */
const linked = (
  { links }: LegacyDeps,
  pairs: readonly LinkPair[],
  subscriptionId: Id<'sub'> | null,
): readonly Write[] =>
  pairs.flatMap(({ link, before }) => {
    if (before !== null) return [links.heard(before, Math.max(before.reportVersion, link.reportVersion))];
    return subscriptionId === null ? [] : [links.insert({ ...link, subscriptionId })];
  });

interface LinkPair {
  readonly link: Adoption['links'][number];
  readonly before: LegacyLink | null;
}

const parkedItem = (
  { parkedWork, newId, clock }: LegacyDeps,
  { report }: Adoption,
  { code, message }: Extract<AdoptionDecision, { kind: 'park' }>,
): Write =>
  parkedWork.park({
    id: newId('att'),
    code,
    message,
    subject: { type: 'legacy_subscription', id: report.reference },
    accountId: report.accountId,
    correlationId: report.reference,
    since: clock.now(),
  });
