import {
  CreateCheckoutSession,
  CreateHandoff,
  GetCheckoutSession,
  OpenHandoffCheckout,
  UseHandoff,
} from '@quittance/contracts';
import { created, type Denial, handle, ok, type RequestFacts, type Route } from '@quittance/http';
import { isDomainError, platformFail } from '@quittance/kernel';

import { buyerOf, type CallService, type HandOff } from '../application/index.ts';
import { type Handoff } from '../domain/handoff.ts';
import { callContract } from './call-contract.ts';

export interface HandoffDeps {
  readonly handOff: HandOff;
  readonly callService: CallService;
  /** Where browsers find our own pages; null where it is not configured. */
  readonly publicUrl: string | null;
  readonly onDenied: (denial: Denial) => void;
}

/** Before the words of the session token, so that no other token is ever looked up as one. */
export const SESSION_PREFIX = 'qhs_';

export const handoffRoutes = (deps: HandoffDeps): readonly Route[] => [
  createHandoffHandler(deps),
  useHandoffHandler(deps),
  openCheckoutHandler(deps),
];

const createHandoffHandler = ({ handOff, publicUrl }: HandoffDeps) =>
  handle(CreateHandoff, async ({ body }) => {
    if (publicUrl === null) {
      throw platformFail('platform.unavailable', 'Links cannot be made: this gateway has no PUBLIC_URL.');
    }
    const { account, ...wish } = body;
    const { handoff, code } = await handOff.create({
      ...wish,
      accountId: account,
      currency: wish.currency ?? null,
      country: wish.country ?? null,
      language: wish.language ?? null,
    });
    return created({ id: handoff.id, url: `${publicUrl}/handoff#${code}`, expiresAt: handoff.endsAt.toISOString() });
  });

const useHandoffHandler = ({ handOff, onDenied }: HandoffDeps) =>
  handle(UseHandoff, async ({ body, request }) => {
    try {
      const { handoff, session } = await handOff.use(body.code);
      const { accountId, endsAt, order } = handoff;
      const { language, successUrl, cancelUrl } = order;
      const answer = { accountId, language, successUrl, cancelUrl, expiresAt: endsAt.toISOString() };
      return created({ ...answer, session: `${SESSION_PREFIX}${session}` });
    } catch (error) {
      if (isDomainError(error) && error.code === 'gateway.handoff_spent') onDenied(toDenial(error.code, request));
      throw error;
    }
  });

const toDenial = (code: string, { id, ip }: RequestFacts): Denial => ({
  contract: UseHandoff,
  principal: null,
  ip,
  code,
  reason: 'A hand-off link was used before, had expired, or was never given.',
  requestId: id,
});

const openCheckoutHandler = ({ handOff, callService }: HandoffDeps) =>
  handle(OpenHandoffCheckout, async ({ request }) => {
    const handoff = await handOff.findSession(sessionOf(request));
    if (handoff === null) throw platformFail('platform.unauthenticated', 'This hand-off session has ended.');
    const caller = { principal: buyerOf(handoff), requestId: request.id };
    const { id } = await callContract(callService, CreateCheckoutSession, {
      ...caller,
      body: checkoutOf(handoff),
      headers: { 'idempotency-key': `handoff-${handoff.id}` },
    });
    const now = await callContract(callService, GetCheckoutSession, { ...caller, params: { id } });
    if (now.status !== 'opening') return ok(now);
    return ok(
      await callContract(callService, GetCheckoutSession, { ...caller, params: { id }, query: { wait: '5s' } }),
    );
  });

const checkoutOf = ({ order }: Handoff) => ({
  planId: order.planId,
  interval: order.interval,
  currency: order.currency,
  successUrl: order.successUrl,
  cancelUrl: order.cancelUrl,
  ...(order.country === null ? {} : { country: order.country }),
  ...(order.language === null ? {} : { language: order.language }),
});

const sessionOf = (request: RequestFacts): string =>
  (request.headers('authorization') ?? '').replace(/^Bearer /i, '').replace(SESSION_PREFIX, '');
