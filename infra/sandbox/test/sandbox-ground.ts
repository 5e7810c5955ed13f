import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { makeTestDatabase, type TestDatabase, waitFor } from '@quittance/testkit';
import { Stripe } from 'stripe';

import { buildSandbox, type RunningSandbox, type SandboxOptions } from '../src/index.ts';

export const SECRET_KEY = 'sk_test_sandbox_ground';
export const WEBHOOK_SECRET = 'whsec_sandbox_ground';
export const SUPERADMIN_SECRET = 'superadmin-ground';
export const CONSOLE = 'http://127.0.0.1:5999';

/** A sandbox with a database of its own, the real SDK pointed at it, and somebody who takes its webhooks. */
export interface SandboxGround {
  readonly sandbox: RunningSandbox;
  readonly database: TestDatabase;
  readonly stripe: Stripe;
  readonly receiver: WebhookReceiver;
  control(path: string, body?: object): Promise<Response>;
  session(
    change?: Partial<Stripe.Checkout.SessionCreateParams>,
    key?: string,
  ): Promise<Stripe.Response<Stripe.Checkout.Session>>;
  pay(sessionId: string, form: Readonly<Record<string, string>>): Promise<Response>;
  stop(): Promise<void>;
}

export const startGround = async (change: Partial<SandboxOptions> = {}): Promise<SandboxGround> => {
  const database = await makeTestDatabase({ empty: true });
  const receiver = await startReceiver();
  const sandbox = await buildSandbox({
    databaseUrl: database.ownerUrl,
    webhookUrl: receiver.url,
    webhookSecret: WEBHOOK_SECRET,
    stripeSecretKey: SECRET_KEY,
    superAdminSecret: SUPERADMIN_SECRET,
    console: { redirectUris: [`${CONSOLE}/callback`], origins: [CONSOLE] },
    mode: 'sandbox',
    ...change,
  });
  const stripe = sdkFor(sandbox.url);
  return {
    sandbox,
    database,
    stripe,
    receiver,
    control: (path, body = {}) => postJson(`${sandbox.url}/_sandbox/${path}`, body),
    session: (params = {}, key) =>
      stripe.checkout.sessions.create(
        { ...sessionParams(), ...params },
        key === undefined ? {} : { idempotencyKey: key },
      ),
    pay: (sessionId, form) => submitCard(sandbox.url, sessionId, form),
    stop: async () => {
      await sandbox.stop();
      await receiver.stop();
      await database.drop();
    },
  };
};

/** Its Node client would repeat a request whose connection was reset, even without retries; the fetch client does not. */
export const sdkFor = (url: string, secretKey = SECRET_KEY): Stripe => {
  const { hostname, port } = new URL(url);
  return new Stripe(secretKey, {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(),
  });
};

export const sessionParams = () =>
  ({
    mode: 'payment',
    client_reference_id: 'ord_1',
    line_items: [
      { quantity: 1, price_data: { currency: 'usd', unit_amount: 9900, product_data: { name: 'Pro, monthly' } } },
    ],
    payment_intent_data: { setup_future_usage: 'off_session', metadata: { order: 'ord_1' } },
    metadata: { order: 'ord_1' },
    success_url: `${CONSOLE}/done?session={CHECKOUT_SESSION_ID}`,
    cancel_url: `${CONSOLE}/plans`,
  }) satisfies Stripe.Checkout.SessionCreateParams;

export const submitCard = (url: string, sessionId: string, form: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${url}/pay/${sessionId}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

export const postJson = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

interface Received {
  readonly body: string;
  readonly signature: string;
  readonly event: Stripe.Event;
}

interface WebhookReceiver {
  readonly url: string;
  /** Everything that arrived with a good signature, in order of arrival. */
  readonly received: readonly Received[];
  /** The next `times` deliveries are answered with this status. */
  refuse(status: number, times: number): void;
  waitForType(type: string, subjectId?: string): Promise<Stripe.Event>;
  stop(): Promise<void>;
}

const startReceiver = async (): Promise<WebhookReceiver> => {
  const received: Received[] = [];
  let refusal = { status: 500, times: 0 };
  const server = createServer((req, res) => {
    const receive = async (): Promise<void> => {
      const body = await text(req);
      const signature = String(req.headers['stripe-signature']);
      received.push({ body, signature, event: Stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET) });
      res.writeHead(refusal.times > 0 ? refusal.status : 200).end();
      if (refusal.times > 0) refusal = { ...refusal, times: refusal.times - 1 };
    };
    void receive();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String(portOf(server.address()))}/webhooks/stripe`,
    received,
    refuse: (status, times) => {
      refusal = { status, times };
    },
    waitForType: (type, subjectId) =>
      waitFor(() => received.find(({ event }) => event.type === type && isAbout(event, subjectId))?.event, {
        what: `the webhook ${type}`,
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const isAbout = (event: Stripe.Event, subjectId: string | undefined): boolean => {
  const subject: object = event.data.object;
  return subjectId === undefined || ('id' in subject && subject.id === subjectId);
};

const portOf = (address: AddressInfo | string | null): number =>
  address === null || typeof address === 'string' ? 0 : address.port;
