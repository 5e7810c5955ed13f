import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ApiMoney, fromApiMoney } from '@quittance/contracts';
import { must, toError } from '@quittance/kernel';
import { formatMoney } from '@quittance/money';
import { makeLogger } from '@quittance/runtime';

import { freePort } from './free-port.ts';
import { CARDS, makeShopper, type Shopper } from './shopper.ts';
import { startSuite } from './suite.ts';
import { until } from './until.ts';
import { startWebhookTap, type WebhookTap } from './webhook-tap.ts';

const EXPECTED_TRAIL = [
  'checkout.created',
  'subscription.drafted',
  'invoice.drafted',
  'order.opened',
  'webhook.received',
  'payment.completed',
  'invoice.issued',
  'invoice.paid',
  'subscription.activated',
];

const WISH = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;

interface Outcome {
  readonly checkoutMs: number;
  readonly webhookToActiveMs: number;
  readonly invoiceNumber: string | null;
  readonly auditRecords: number;
  readonly auditVerified: boolean;
  readonly declinedStayedInactive: boolean;
  readonly transport: 'postgres' | 'rabbitmq';
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const timeline = () => {
  const startedMs = performance.now();
  return (text: string): void => say(`${((performance.now() - startedMs) / 1000).toFixed(3).padStart(8)} s  ${text}`);
};

/** Two neighbouring free ports. */
const freePair = async (): Promise<number> => {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await freePort();
    if (port < 65_000) return port;
  }
  throw new Error('No free port below 65000 was found.');
};

const demo = async (env: NodeJS.ProcessEnv): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-demo-'));
  const port = await freePair();
  const tap = await startWebhookTap(`http://127.0.0.1:${port}/webhooks/stripe`);
  say('A private copy of Quittance, one purchase, and the proof of it.\n');
  try {
    const suite = await startSuite({
      folder,
      fresh: true,
      port,
      databaseUrl: env['DATABASE_URL'] ?? null,
      rabbitUrl: env['RABBITMQ_URL'] ?? null,
      logLevel: env['LOG_LEVEL'] ?? 'error',
      databasePrefix: `quittance_demo_${process.pid}`,
      retryTiersMs: null,
      webhookUrl: tap.url,
      processes: false,
      progress: (line) => say(`            ${line}`),
      logger: makeLogger({ service: 'demo', level: env['LOG_LEVEL'] === undefined ? 'error' : 'info' }),
    });
    try {
      const outcome = await purchase(makeShopper(suite.facts), tap, suite.facts.rabbitUrl !== null);
      say(`\n${JSON.stringify(outcome)}`);
      return succeeded(outcome);
    } finally {
      await suite.stop();
    }
  } finally {
    await tap.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

const purchase = async (shopper: Shopper, tap: WebhookTap, overRabbit: boolean): Promise<Outcome> => {
  const [service, finance, buyer, unlucky] = await Promise.all([
    shopper.token('whatsapp-qr'),
    shopper.token('finance'),
    shopper.customerToken('acc_demo'),
    shopper.customerToken('acc_declined'),
  ]);
  await until('the catalogue reaches the checkout', () => shopper.planId(WISH).catch(() => null), (id) => id !== null);
  // The first request of each kind loads code; a person's wait is what is measured, not the compiler.
  await warmUp(shopper);
  const note = timeline();
  const ask = (account: string) => shopper.check(service, account, WISH.product, 'custom_integrations');

  say('');
  const before = await ask('acc_demo');
  note(`May acc_demo use it?  ${before.allowed ? 'yes' : `no (${before.reason})`}`);

  const sentMs = performance.now();
  const session = await shopper.checkout(buyer, WISH);
  const checkoutMs = performance.now() - sentMs;
  const due = must(session.dueNow, 'what is due');
  note(`Checkout ${session.id}: ${amount(due.total)} now (${amount(due.tax)} of it tax), renews ${session.renewsAt}`);

  const active = tap.first('checkout.session.completed').then(async (arrivedMs) => {
    await until('access', () => ask('acc_demo'), (answer) => answer.allowed, { everyMs: 1 });
    return performance.now() - arrivedMs;
  });
  const paid = await shopper.pay(must(session.payUrl, 'where to pay'), CARDS.succeeds);
  note(`Paid with 4242 …: ${paid ? 'the provider sent us to the success page' : 'NOT accepted'}`);
  const webhookToActiveMs = await active;
  note(`May acc_demo use it?  yes, ${webhookToActiveMs.toFixed(0)} ms after the webhook arrived`);

  const declinedStayedInactive = await decline(shopper, unlucky, () => ask('acc_declined'), note);

  const billing = await until('the invoice', () => shopper.billing(buyer), (page) => (page.invoices.data?.length ?? 0) > 0);
  const invoiceNumber = billing.invoices.data?.[0]?.number ?? null;
  note(`Invoice ${invoiceNumber}, receipt ${billing.payments.data?.[0]?.id}, next charge ${billing.nextCharge?.at}`);

  const trail = await until('the trail', () => shopper.trail(finance, session.id), (page) => page.data.length >= EXPECTED_TRAIL.length && page.data.every(({ sequence }) => sequence !== null));
  note('The audit trail of this purchase:');
  for (const record of trail.data) say(`              #${String(record.sequence).padEnd(4)} ${record.action.padEnd(24)} ${record.actor.kind} ${record.actor.id}`);
  const chain = await shopper.verifyChain(finance);
  note(`Chain ${chain.valid ? 'verified' : 'BROKEN'} up to #${chain.verifiedUpTo}`);
  const asExpected = trail.data.map(({ action }) => action).join() === EXPECTED_TRAIL.join();
  if (!asExpected) note(`The trail differs from what is expected: ${EXPECTED_TRAIL.join(', ')}`);

  return {
    checkoutMs: Math.round(checkoutMs),
    webhookToActiveMs: Math.round(webhookToActiveMs),
    invoiceNumber,
    auditRecords: trail.data.length,
    auditVerified: chain.valid && asExpected && !before.allowed,
    declinedStayedInactive,
    transport: overRabbit ? 'rabbitmq' : 'postgres',
  };
};

const warmUp = async (shopper: Shopper): Promise<void> => {
  const token = await shopper.customerToken('acc_warm_up');
  await until('the catalogue reaches the checkout', () => shopper.checkout(token, WISH).catch(() => null), (session) => session !== null, { everyMs: 100 });
};

const decline = async (
  shopper: Shopper,
  customer: string,
  ask: () => Promise<{ readonly allowed: boolean }>,
  note: (text: string) => void,
): Promise<boolean> => {
  const session = await shopper.checkout(customer, WISH);
  const paid = await shopper.pay(must(session.payUrl, 'where to pay'), CARDS.declines);
  const told = await until(
    'the decline',
    () => shopper.checkoutSession(customer, session.id),
    ({ lastDecline }) => lastDecline !== null,
  );
  const [answer, billing] = await Promise.all([ask(), shopper.billing(customer)]);
  note(`Declined with 4000 … 0002: ${told.lastDecline?.reason}; allowed: ${answer.allowed}; invoices: ${billing.invoices.data?.length}`);
  return !paid && !answer.allowed && billing.invoices.data?.length === 0 && billing.payments.data?.length === 0;
};

const succeeded = (outcome: Outcome): boolean =>
  outcome.invoiceNumber !== null &&
  outcome.auditRecords === EXPECTED_TRAIL.length &&
  outcome.auditVerified &&
  outcome.declinedStayedInactive;

const amount = (due: ApiMoney): string => formatMoney(fromApiMoney(due), 'en');

try {
  process.exit((await demo(process.env)) ? 0 : 1);
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${toError(error).stack}\n`);
  process.exit(1);
}
