import { assertNever, type Clock, must, type NewId } from '@quittance/kernel';

import { decideCharge } from '../domain/decide-charge.ts';
import { decideNeverSent } from '../domain/decide-closing.ts';
import { decideLost, decideOpened, decideRefused, decideUnanswered } from '../domain/decide-opening.ts';
import { decideReading } from '../domain/decide-reading.ts';
import { type Decision, decision } from '../domain/decision.ts';
import { type Attempt, type Order, type Session } from '../domain/order.ts';
import { type ChargeReading, type ProviderAmount, type Reading } from '../domain/reading.ts';
import { RESEND_FOR_MS, type When } from '../domain/schedule.ts';
import { commitDecision, type CommitDeps } from './commit-decision.ts';
import { type CardProvider } from './ports.ts';

export interface ProviderWorkDeps extends CommitDeps {
  readonly provider: CardProvider;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sweepIntervalMs: number;
}

export type WorkOrder = (order: Order) => Promise<void>;

/** What a due order needs from the provider: ask, decide, record the answer. The claim is held while it asks. */
export const makeWorkOrder =
  (deps: ProviderWorkDeps): WorkOrder =>
  async (order) => {
    const decided = await lookOutside(deps, order);
    await commitDecision(deps, { before: order, decided });
  };

const lookOutside = (deps: ProviderWorkDeps, order: Order): Promise<Decision> => {
  switch (order.state) {
    case 'opening':
      return open(deps, order);
    case 'charging':
      return charge(deps, order);
    case 'closing':
      return order.session === null ? closeUnopened(deps, order) : close(deps, order, order.session);
    case 'open':
    case 'confirming':
    case 'expired':
      return read(deps, order);
    case 'completed':
    case 'failed':
      return Promise.resolve(decision({ ...order, dueAt: null }));
    default:
      return assertNever(order.state);
  }
};

const open = async (deps: ProviderWorkDeps, order: Order): Promise<Decision> => {
  const now = wallNow(deps);
  if (order.firstSentAt !== null && now.getTime() - order.firstSentAt.getTime() > RESEND_FOR_MS)
    return find(deps, order);
  const answer = await deps.provider.openOrder(order.id, order.openRequest);
  switch (answer.outcome) {
    case 'opened':
      return decideOpened(order, answer.session, when(deps));
    case 'refused':
      return decideRefused(order, answer);
    case 'unknown':
      return decideUnanswered(order, wallNow(deps));
    default:
      return assertNever(answer);
  }
};

/**
 * Sent once, its answer may have been lost: then the provider is asked what it knows of it. Only what never arrived is
 * sent again, under the same key, and only while the provider certainly remembers that key.
 */
const charge = async (deps: ProviderWorkDeps, order: Order): Promise<Decision> => {
  const { firstSentAt, openRequest } = order;
  if (firstSentAt !== null) {
    const found = await deps.provider.findCharge(order.id, { request: openRequest, since: order.createdAt });
    if (found.outcome === 'unknown') return decideUnanswered(order, wallNow(deps));
    if (found.outcome === 'read') return decideChargeFrom(deps, order, found.reading);
    if (wallNow(deps).getTime() - firstSentAt.getTime() > RESEND_FOR_MS) return decideLost(order, wallNow(deps), true);
  }
  const answer = await deps.provider.sendCharge(must(order.charge, `charge of ${order.id}`).key, openRequest);
  switch (answer.outcome) {
    case 'read':
      return decideChargeFrom(deps, order, answer.reading);
    case 'refused':
      return decideRefused(order, answer);
    case 'unknown':
      return decideUnanswered(order, wallNow(deps));
    default:
      return assertNever(answer);
  }
};

const find = async (deps: ProviderWorkDeps, order: Order): Promise<Decision> => {
  const answer = await deps.provider.findOrder(order.id, order.createdAt);
  if (answer.outcome !== 'read') return decideLost(order, wallNow(deps), answer.outcome === 'none');
  const opened = decideOpened(order, answer.reading.session, when(deps));
  // What became of it is read like that of any other order, at once.
  return { ...opened, order: { ...opened.order, dueAt: wallNow(deps) } };
};

const read = async (deps: ProviderWorkDeps, order: Order): Promise<Decision> => {
  if (order.charge !== null && order.charge.reference !== null) {
    const answer = await deps.provider.readCharge(order.charge.reference);
    return answer.outcome === 'unknown'
      ? decideUnanswered(order, wallNow(deps))
      : decideChargeFrom(deps, order, answer.reading);
  }
  if (order.session === null) return decision({ ...order, dueAt: null });
  const answer = await deps.provider.readOrder(order.session.reference);
  if (answer.outcome === 'unknown') return decideUnanswered(order, wallNow(deps));
  return decideFrom(deps, order, { reading: answer.reading, declines: [] });
};

/** Given up before its opening was answered: it can be closed only by the provider's id, so that is asked for again. */
const closeUnopened = (deps: ProviderWorkDeps, order: Order): Promise<Decision> =>
  order.firstSentAt === null ? Promise.resolve(decideNeverSent(order)) : open(deps, order);

const close = async (deps: ProviderWorkDeps, order: Order, session: Session): Promise<Decision> => {
  const answer = await deps.provider.closeOrder(session.reference);
  if (answer.outcome === 'unknown') return decideUnanswered(order, wallNow(deps));
  return decideFrom(deps, order, { reading: answer.reading, declines: [] });
};

/** The pure decision with the facts it needs. */
export const decideFrom = (
  deps: ProviderWorkDeps,
  order: Order,
  told: { readonly reading: Reading; readonly declines: readonly Attempt[] },
): Decision =>
  decideReading(order, {
    ...told,
    ...when(deps),
    expected: expectedAmount(deps, order),
    paymentId: deps.newId('pay'),
    storedMethodId: deps.newId('spm'),
  });

/** The pure decision on a charge, with the facts it needs. */
export const decideChargeFrom = (deps: ProviderWorkDeps, order: Order, reading: ChargeReading): Decision =>
  decideCharge(order, {
    reading,
    now: wallNow(deps),
    providerNow: deps.clock.now(),
    expected: expectedAmount(deps, order),
    paymentId: deps.newId('pay'),
    storedMethodId: deps.newId('spm'),
  });

/** An amount the provider cannot express was refused before it was ever sent; nothing equals this one. */
const expectedAmount = (deps: ProviderWorkDeps, order: Order): ProviderAmount =>
  deps.provider.toProviderAmount(order.amount) ?? { units: -1n, currency: '' };

const wallNow = ({ wallClock }: ProviderWorkDeps): Date => new Date(wallClock.nowMs());

const when = (deps: ProviderWorkDeps): When => ({
  now: wallNow(deps),
  providerNow: deps.clock.now(),
  sweepIntervalMs: deps.sweepIntervalMs,
});
