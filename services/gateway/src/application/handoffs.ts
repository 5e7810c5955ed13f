import { type AccountId, type NewId, type Principal, type UnitOfWork, type WallClock } from '@quittance/kernel';

import { gatewayFail } from '../domain/errors.ts';
import { type Handoff, type HandoffOrder, LINK_LIVES_MS, SESSION_LIVES_MS } from '../domain/handoff.ts';
import { type GatewayMessage } from '../domain/messages.ts';
import { orderable } from '../domain/sold-plan.ts';
import { type BearerSecrets, type Handoffs, type SoldPlans } from './ports.ts';

export interface HandoffWish extends Omit<HandoffOrder, 'planId' | 'currency'> {
  readonly accountId: AccountId;
  readonly owner: string;
  readonly product: string;
  readonly plan: string;
  readonly currency: string | null;
}

interface Deps {
  readonly handoffs: Handoffs;
  readonly plans: SoldPlans;
  readonly secrets: BearerSecrets;
  readonly unitOfWork: UnitOfWork<GatewayMessage>;
  readonly wallClock: WallClock;
  readonly newId: NewId;
}

export type HandOff = ReturnType<typeof makeHandOff>;

/** From a platform service’s “buy” button into a checkout: a link, used once, becomes a session for that checkout only. */
export const makeHandOff = (deps: Deps) => {
  const { handoffs, secrets, unitOfWork, wallClock } = deps;
  const now = (): Date => new Date(wallClock.nowMs());

  return {
    /** The code is told here and never again: what is kept is its hash. */
    create: async ({ product, plan, ...wish }: HandoffWish): Promise<{ handoff: Handoff; code: string }> => {
      const { accountId, owner, interval, country, language, successUrl, cancelUrl } = wish;
      const sold = await deps.plans.find({ ...wish, product, plan });
      const { planId, currency } = orderable(sold, { ...wish, product, plan });
      const order = { planId, interval, currency, country, language, successUrl, cancelUrl };
      const endsAt = new Date(wallClock.nowMs() + LINK_LIVES_MS);
      const handoff: Handoff = { id: deps.newId('hnd'), accountId, owner, order, endsAt };
      const code = secrets.make();
      await unitOfWork.commit({
        // What has ended is not kept: a row is about a browser on its way, and the audit trail has the rest.
        writes: [handoffs.forgetEnded(now()), handoffs.insert(handoff, secrets.hashOf(code), now())],
        messages: [],
        audit: [
          {
            action: 'handoff.created',
            subject: { type: 'handoff', id: handoff.id },
            accountId,
            after: { owner, product, plan, interval, currency, endsAt: endsAt.toISOString() },
          },
        ],
        correlationId: handoff.id,
      });
      return { handoff, code };
    },

    /**
     * Of any number of uses of one code one wins, on whichever replica: the row changes only while it has that hash.
     *
     * @throws gateway.handoff_spent
     */
    use: async (code: string): Promise<{ handoff: Handoff; session: string }> => {
      const codeHash = secrets.hashOf(code);
      const found = await handoffs.findByCode(codeHash, now());
      if (found === null) throw spent();
      const endsAt = new Date(wallClock.nowMs() + SESSION_LIVES_MS);
      const session = secrets.make();
      await unitOfWork.commit({
        writes: [handoffs.open({ codeHash, sessionHash: secrets.hashOf(session), endsAt, now: now() })],
        messages: [],
        audit: [
          {
            action: 'handoff.used',
            subject: { type: 'handoff', id: found.id },
            accountId: found.accountId,
            after: { owner: found.owner, endsAt: endsAt.toISOString() },
          },
        ],
        correlationId: found.id,
      });
      return { handoff: { ...found, endsAt }, session };
    },

    /** Null for a session that has ended, or never was. */
    findSession: (session: string): Promise<Handoff | null> => handoffs.findBySession(secrets.hashOf(session), now()),
  };
};

const spent = () => gatewayFail('gateway.handoff_spent', 'This link was used, has expired, or was never given.');

/** Who a session stands for: the owner, with leave for this one checkout. */
export const sessionPrincipal = ({ owner, accountId }: Handoff): Principal => ({
  kind: 'customer',
  subject: owner,
  accountId,
  permissions: new Set(['handoff.checkout']),
});

/** The owner as services must see them while the gateway opens that checkout on their behalf. */
export const buyerOf = ({ owner, accountId }: Pick<Handoff, 'owner' | 'accountId'>): Principal => ({
  kind: 'customer',
  subject: owner,
  accountId,
  permissions: new Set(['own.read', 'own.write']),
});
