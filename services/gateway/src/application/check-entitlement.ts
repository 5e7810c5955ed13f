import { type AccountId, type Clock, type UnitOfWork, type WallClock } from '@quittance/kernel';

import { currentUpTo, isStale } from '../domain/beat.ts';
import { decideEntitlement, type EntitlementDecision } from '../domain/decide-entitlement.ts';
import { type EntitlementDocument } from '../domain/entitlement-document.ts';
import { gatewayFail } from '../domain/errors.ts';
import { type GatewayMessage } from '../domain/messages.ts';
import { type EntitlementProjection, type EntitlementSource, type EntitlementWrites } from './ports.ts';

export interface EntitlementQuestion {
  readonly accountId: AccountId;
  readonly productKey: string;
  /** Null asks for the product at all. */
  readonly feature: string | null;
}

export interface EntitlementAnswer {
  readonly decision: EntitlementDecision;
  /** Wall time up to which what it was decided on is known to be complete. */
  readonly asOf: Date;
}

/** Throws `entitlements.unknown` rather than guess. */
export type CheckEntitlement = (question: EntitlementQuestion) => Promise<EntitlementAnswer>;

export interface CheckEntitlementDeps {
  readonly projection: EntitlementProjection;
  readonly source: EntitlementSource;
  readonly writes: EntitlementWrites;
  readonly unitOfWork: UnitOfWork<GatewayMessage>;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly staleAfterMs: number;
}

export const makeCheckEntitlement = (deps: CheckEntitlementDeps): CheckEntitlement => {
  const readThrough = makeReadThrough(deps);
  return async (question) => {
    const { row, beat } = await deps.projection.read(question.accountId, question.productKey);
    const stale = isStale(beat, deps.wallClock.nowMs(), deps.staleAfterMs);
    const upTo = beat === null ? null : currentUpTo(beat);
    const answer = (document: EntitlementDocument | null, asOf: Date): EntitlementAnswer => ({
      decision: decideEntitlement(document, question.feature, deps.clock.now()),
      asOf,
    });
    if (row !== null && upTo !== null && !stale) return answer(row.document, upTo);
    try {
      return answer(await readThrough(question), new Date(deps.wallClock.nowMs()));
    } catch (cause) {
      throw gatewayFail('entitlements.unknown', `It is not known what ${question.accountId} may use.`, {
        details: { asOf: upTo?.toISOString() ?? null },
        cause,
      });
    }
  };
};

/** Asks subscription and keeps what it says. Questions about one account that come together are one question. */
const makeReadThrough = (deps: CheckEntitlementDeps) => {
  const asked = new Map<string, Promise<EntitlementDocument | null>>();

  const ask = async ({ accountId, productKey }: EntitlementQuestion): Promise<EntitlementDocument | null> => {
    const documents = await deps.source.documentsOf(accountId);
    const found = documents.find((document) => document.productKey === productKey) ?? null;
    await deps.unitOfWork.commit({
      writes: [
        ...documents.map((document) => deps.writes.keep(document)),
        ...(found === null ? [deps.writes.markAbsent(accountId, productKey)] : []),
      ],
      messages: [],
      // A copy of what subscription has recorded already.
      audit: [],
    });
    return found;
  };

  return (question: EntitlementQuestion): Promise<EntitlementDocument | null> => {
    const key = `${question.accountId} ${question.productKey}`;
    const running = asked.get(key) ?? ask(question).finally(() => asked.delete(key));
    asked.set(key, running);
    return running;
  };
};
