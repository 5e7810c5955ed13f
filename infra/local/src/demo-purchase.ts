import { type ApiMoney, fromApiMoney } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { formatMoney } from '@quittance/money';

import { PURCHASE_TRAIL } from './purchase-trail.ts';
import { CARDS, type Shopper } from './shopper.ts';
import { until } from './until.ts';
import { type WebhookTap } from './webhook-tap.ts';

const WISH = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;

export interface DemoOutcome {
  /** POST sent → redirect URL. */
  readonly checkoutMs: number;
  /** Webhook's bytes received → the entitlement check answers allowed. */
  readonly webhookToActiveMs: number;
  readonly invoiceNumber: string | null;
  readonly auditRecords: number;
  readonly auditVerified: boolean;
  readonly declinedStayedInactive: boolean;
  readonly transport: 'postgres' | 'rabbitmq';
}

export const succeeded = (outcome: DemoOutcome): boolean =>
  outcome.invoiceNumber !== null &&
  outcome.auditRecords === PURCHASE_TRAIL.length &&
  outcome.auditVerified &&
  outcome.declinedStayedInactive;

interface Demo {
  readonly shopper: Shopper;
  readonly tap: WebhookTap;
  readonly transport: DemoOutcome['transport'];
  readonly say: (text: string) => void;
}

interface Stage extends Demo {
  readonly note: (text: string) => void;
  readonly ask: (account: string) => Promise<{ readonly allowed: boolean; readonly reason: string }>;
}

/** One purchase that succeeds, one that is declined, and the proof of both, told as it happens. */
export const demoPurchase = async (demo: Demo): Promise<DemoOutcome> => {
  const { shopper, say } = demo;
  const [service, finance, buyer, unlucky] = await Promise.all([
    shopper.token('whatsapp-qr'),
    shopper.token('finance'),
    shopper.customerToken('acc_demo'),
    shopper.customerToken('acc_declined'),
  ]);
  await warmUp(demo, service);
  say('');
  const ask = (account: string) => shopper.check(service, { account, product: WISH.product });
  const stage: Stage = { ...demo, note: timeline(say), ask };

  const before = await ask('acc_demo');
  stage.note(`May acc_demo use it?  ${before.allowed ? 'yes' : `no (${before.reason})`}`);
  const bought = await buy(stage, buyer);
  const declinedStayedInactive = await decline(stage, unlucky);
  const invoiceNumber = await showBilling(stage, buyer);
  const trail = await showTrail(stage, finance, bought.checkoutId);
  return {
    checkoutMs: bought.checkoutMs,
    webhookToActiveMs: bought.webhookToActiveMs,
    invoiceNumber,
    auditRecords: trail.records,
    auditVerified: trail.verified && !before.allowed,
    declinedStayedInactive,
    transport: demo.transport,
  };
};

/**
 * The catalogue travels by message, and the first time through each step compiles code and queries. What is measured is a
 * customer's wait on a running platform, so somebody else buys first.
 */
const warmUp = async ({ shopper, say }: Demo, service: string): Promise<void> => {
  const account = 'acc_first_customer';
  const token = await shopper.customerToken(account);
  const session = await until(
    'the catalogue to reach the checkout',
    () => shopper.checkout(token, WISH).catch(() => null),
    {
      enough: (answer) => answer !== null,
      everyMs: 100,
    },
  );
  await shopper.pay(must(session?.payUrl, 'where to pay'), CARDS.succeeds);
  await until(
    'the first customer’s access',
    () => shopper.check(service, { account, product: WISH.product }),
    ({ allowed }) => allowed,
  );
  say('            A first customer has bought; the next one is measured');
};

const timeline = (say: (text: string) => void) => {
  const startedMs = performance.now();
  return (text: string): void => say(`${((performance.now() - startedMs) / 1000).toFixed(3).padStart(8)} s  ${text}`);
};

const buy = async ({ shopper, tap, note, ask }: Stage, buyer: string) => {
  const sentMs = performance.now();
  const session = await shopper.checkout(buyer, WISH);
  const checkoutMs = Math.round(performance.now() - sentMs);
  const due = must(session.dueNow, 'what is due');
  note(`Checkout ${session.id}: ${told(due.total)} now, ${told(due.tax)} of it tax; renews ${session.renewsAt}`);

  const active = tap.next('checkout.session.completed').then(async (arrivedMs) => {
    await until('access', () => ask('acc_demo'), { enough: ({ allowed }) => allowed, everyMs: 5 });
    return Math.round(performance.now() - arrivedMs);
  });
  const paid = await shopper.pay(must(session.payUrl, 'where to pay'), CARDS.succeeds);
  note(`Paid with 4242 …: ${paid ? 'the provider sent us to the success page' : 'NOT accepted'}`);
  const webhookToActiveMs = await active;
  note(`May acc_demo use it?  yes, ${webhookToActiveMs} ms after the webhook arrived`);
  return { checkoutId: session.id, checkoutMs, webhookToActiveMs };
};

const decline = async ({ shopper, note, ask }: Stage, customer: string): Promise<boolean> => {
  const session = await shopper.checkout(customer, WISH);
  const paid = await shopper.pay(must(session.payUrl, 'where to pay'), CARDS.declines);
  const after = await until(
    'the decline',
    () => shopper.checkoutSession(customer, session.id),
    ({ lastDecline }) => lastDecline !== null,
  );
  const [answer, { invoices, payments }] = await Promise.all([ask('acc_declined'), shopper.billing(customer)]);
  note(
    `Declined with 4000 … 0002: ${after.lastDecline?.reason}; allowed: ${answer.allowed ? 'YES' : 'no'}; invoices: ${invoices.data?.length}`,
  );
  return !paid && !answer.allowed && invoices.data?.length === 0 && payments.data?.length === 0;
};

const showBilling = async ({ shopper, note }: Stage, buyer: string): Promise<string | null> => {
  const page = await shopper.billing(buyer);
  const number = page.invoices.data?.[0]?.number ?? null;
  note(`Invoice ${number}, receipt ${page.payments.data?.[0]?.id}, next charge ${page.nextCharge?.at}`);
  return number;
};

const showTrail = async ({ shopper, note, say }: Stage, finance: string, checkoutId: string) => {
  const { data } = await until(
    'the sealed trail',
    () => shopper.trail(finance, checkoutId),
    (page) => page.data.length >= PURCHASE_TRAIL.length && page.data.every(({ sequence }) => sequence !== null),
  );
  note('The audit trail of this purchase:');
  for (const { sequence, action, actor, occurredAt } of data) {
    const at = occurredAt.slice('2026-01-01T'.length, -1);
    say(`              #${String(sequence).padEnd(4)} ${at}  ${action.padEnd(24)} ${actor.kind} ${actor.id}`);
  }
  const chain = await shopper.verifyChain(finance);
  note(`The chain ${chain.valid ? 'holds' : 'is BROKEN'} up to #${chain.verifiedUpTo}`);
  const asExpected = data.map(({ action }) => action).join() === PURCHASE_TRAIL.join();
  if (!asExpected) note(`The trail is not the expected one: ${PURCHASE_TRAIL.join(', ')}`);
  return { records: data.length, verified: chain.valid && asExpected };
};

const told = (amount: ApiMoney): string => formatMoney(fromApiMoney(amount), 'en');
