import { randomUUID } from 'node:crypto';

import { type HttpContract } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { CARDS, makeShopper, type RunningSuite, type Shopper, until } from '@quittance/local';
import { makeLogger } from '@quittance/runtime';
import { z } from 'zod';

import { startPrivateSuite } from '../private-suite.ts';
import { type Callers, makeCallers, type Place } from './callers.ts';
import { complaintsAbout, documentedCodes, type Expected } from './complaints.ts';
import { type Databases, openDatabases } from './databases.ts';
import { type Answered, makeSender, type Send, type Shot } from './send.ts';
import { type Stored } from './stored.ts';

/** One customer who has bought, as everybody else must never see them. */
export interface Buyer {
  readonly account: string;
  readonly token: string;
  /** What the purchase is known by: checkout, subscription, invoice, order, payment. */
  readonly ids: readonly string[];
  readonly wish: { readonly idempotencyKey: string; readonly body: unknown };
}

export interface Ground {
  readonly suite: RunningSuite;
  readonly shopper: Shopper;
  readonly callers: Callers;
  readonly databases: Databases;
  readonly send: Send;
  readonly sent: () => number;
  /** Every line that any part has logged. */
  readonly log: readonly string[];
  /** Sends, and adds what is wrong with the answer to `complaints`. */
  readonly ask: (asked: Asked) => Promise<Answered>;
  /** What was wrong so far; taken out. */
  readonly takeComplaints: () => readonly string[];
  readonly buy: (more?: { readonly coupon: string }) => Promise<Buyer>;
  /** Waits until nothing changes any more by itself. */
  readonly settled: () => Promise<Stored>;
  readonly stop: () => Promise<void>;
}

export interface Asked {
  readonly contract: HttpContract;
  readonly place: Place;
  readonly what: string;
  readonly shot: Shot;
  readonly expected: Expected;
}

const Begun = z.looseObject({ id: z.string() });
const PRO = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;

/** A suite in this process, whose every log line is kept, and what it takes to be rude to it; on PostgreSQL alone by default. */
export const openGround = async (rabbitUrl: string | null = null): Promise<Ground> => {
  const log: string[] = [];
  const logger = makeLogger({ service: 'suite', level: 'info', destination: { write: (line) => log.push(line) } });
  const suite = await startPrivateSuite({ rabbitUrl, processes: false, logger });
  const shopper = makeShopper(suite.facts);
  const documented = await documentedCodes();
  const { send, close, sent } = makeSender();
  const databases = openDatabases(suite.facts);
  const complaints: string[] = [];
  await untilSelling(shopper);
  return {
    suite,
    shopper,
    callers: makeCallers(suite),
    databases,
    send,
    sent,
    log,
    ask: async ({ contract, place, what, shot, expected }) => {
      const answer = await send(place.baseUrl, shot);
      for (const complaint of complaintsAbout(answer, expected, documented)) {
        complaints.push(`${contract.name} at ${place.name}, ${what}: ${complaint}`);
      }
      return answer;
    },
    takeComplaints: () => complaints.splice(0),
    buy: (more) => buy(shopper, more),
    settled: () => settled(databases),
    stop: async () => {
      close();
      await databases.end();
      await suite.stop();
    },
  };
};

const untilSelling = async (shopper: Shopper): Promise<void> => {
  const token = await shopper.customerToken('acc_first');
  await until(
    'the catalogue reaches the checkout',
    () => shopper.checkout(token, { ...PRO, plan: 'free' }).catch(() => null),
    (session) => session !== null,
  );
};

const buy = async (shopper: Shopper, more: { readonly coupon: string } | undefined): Promise<Buyer> => {
  const account = `acc_canary_${randomUUID()}`;
  const token = await shopper.customerToken(account);
  const idempotencyKey = `canary-${randomUUID()}`;
  const page = `https://app.example/canary/${randomUUID()}`;
  const { product: _product, plan: _plan, ...terms } = PRO;
  const body = { ...terms, ...more, planId: await shopper.planId(PRO), successUrl: page, cancelUrl: page };
  const answer = await shopper.request('/v1/checkout-sessions', {
    method: 'POST',
    token,
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body,
  });
  const { id } = Begun.parse(await answer.json());
  const session = await until(
    'the payment page',
    () => shopper.checkoutSession(token, id, '5s'),
    ({ payUrl }) => payUrl !== null,
  );
  await shopper.pay(must(session.payUrl, 'pay url'), CARDS.succeeds);
  const billing = await until(
    'the payment and what it bought',
    () => shopper.billing(token),
    ({ payments, subscriptions }) =>
      payments.data?.length === 1 && subscriptions.data?.some(({ status }) => status === 'active') === true,
  );
  const payment = must(billing.payments.data?.[0], 'payment');
  return {
    account,
    token,
    ids: [id, session.subscriptionId, payment.invoiceId, payment.orderId, payment.id],
    wish: { idempotencyKey, body },
  };
};

const settled = async (databases: Databases): Promise<Stored> => {
  let before = '';
  return until('rows to stay as they are', () => databases.stored(), {
    enough: (stored) => {
      const now = JSON.stringify(stored);
      const same = now === before;
      before = now;
      return same;
    },
    everyMs: 400,
  });
};
