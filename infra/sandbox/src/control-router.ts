import { type ShiftableClocks } from '@quittance/runtime';
import express, { Router } from 'express';
import { z } from 'zod';

import { adminSchema } from './authgate/admin-list.ts';
import { type AuthGate } from './authgate/authgate.ts';
import { tokenRequestSchema } from './authgate/shortcut-tokens.ts';
import { RESET_SQL } from './schema.ts';
import { readBooks } from './stripe/books.ts';
import { FAULT_KINDS, type Faults } from './stripe/faults.ts';
import {
  addOwnSubscription,
  moveOwnSubscription,
  OWN_SUBSCRIPTION_EVENTS,
  repriceOwnSubscription,
} from './stripe/own-subscriptions.ts';
import { callIn, type StripeWorld } from './stripe/stripe-world.ts';
import { type Webhooks } from './stripe/webhooks.ts';

const secondsSchema = z.object({ seconds: z.number().min(0).max(3600) });

const faultSchema = z.object({
  match: z.string().min(1),
  kind: z.enum(FAULT_KINDS),
  times: z.number().int().min(1).max(1_000_000).default(1),
  ms: z.number().int().min(0).max(600_000).default(60_000),
});

const webhooksSchema = z.object({
  duplicate: z.number().int().min(1).max(10).optional(),
  pause: z.boolean().optional(),
  urls: z.array(z.url()).optional(),
  redeliver: z.string().optional(),
  times: z.number().int().min(1).max(100).default(1),
});

const ownSubscriptionSchema = z.object({
  metadata: z.record(z.string(), z.string()),
  amount: z.number().int().min(0),
  currency: z.string().regex(/^[a-z]{3}$/),
  interval: z.enum(['month', 'year']),
  quantity: z.number().int().min(1).max(1000).default(1),
  periodStart: z.number().int().nullable().default(null),
});
const ownPriceSchema = z.object({
  amount: z.number().int().min(0),
  metadata: z.record(z.string(), z.string()).default({}),
});
const ownSubscriptionEventSchema = z.object({ event: z.enum(OWN_SUBSCRIPTION_EVENTS) });

const clockSchema = z.strictObject({ businessMs: z.int(), wallMs: z.int() });

interface ControlledParts {
  readonly world: StripeWorld;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly clocks: ShiftableClocks;
}

/** `/_sandbox/*`: everything a person or a test may ask of the outside world that the real one would not do on request. */
export const makeControlRouter = (parts: ControlledParts & { readonly authGate: AuthGate }): Router => {
  const { world, authGate, webhooks } = parts;
  const { database } = world;
  const router = Router();
  router.use('/_sandbox', express.json({ limit: '64kb' }));

  router.post('/_sandbox/rotate-keys', async (_req, res) => {
    await authGate.rotateKeys();
    res.status(204).end();
  });
  router.post('/_sandbox/jwks-down', (req, res) => {
    authGate.takeJwksDown(secondsSchema.parse(req.body).seconds);
    res.status(204).end();
  });
  router.get('/_sandbox/jwks-fetches', (_req, res) => {
    res.json({ fetches: authGate.jwksFetches() });
  });
  router.post('/_sandbox/superadmin-down', (req, res) => {
    authGate.takeAdminListDown(secondsSchema.parse(req.body).seconds);
    res.status(204).end();
  });
  router.post('/_sandbox/token', async (req, res) => {
    res.type('text').send(await authGate.tokens.mint(tokenRequestSchema.parse(req.body)));
  });
  router.post('/_sandbox/admins', async (req, res) => {
    await authGate.admins.put(adminSchema.parse(req.body));
    res.json({ admins: await authGate.admins.all() });
  });

  addStripeControls(router, parts);
  addSubscriptionControls(router, world, () => webhooks.wake());

  router.post('/_sandbox/reset', async (_req, res) => {
    await database.transaction((tx) => tx.query(RESET_SQL));
    await webhooks.behave({ paused: false, duplicate: 1 });
    await authGate.admins.seed();
    res.status(204).end();
  });
  return router;
};

const addStripeControls = (router: Router, { world, faults, webhooks, clocks }: ControlledParts): void => {
  const { database } = world;
  router.post('/_sandbox/stripe/faults', async (req, res) => {
    await faults.add(faultSchema.parse(req.body));
    res.status(201).json({ data: await faults.list() });
  });
  router.get('/_sandbox/stripe/faults', async (_req, res) => {
    res.json({ data: await faults.list() });
  });
  router.delete('/_sandbox/stripe/faults', async (_req, res) => {
    await faults.clear();
    res.status(204).end();
  });
  router.get('/_sandbox/stripe/books', async (_req, res) => {
    res.json(await database.transaction(readBooks));
  });
  router.get('/_sandbox/stripe/webhooks', async (_req, res) => {
    res.json(await webhooks.backlog());
  });
  router.post('/_sandbox/stripe/webhooks', async (req, res) => {
    const { duplicate, pause, urls, redeliver, times } = webhooksSchema.parse(req.body);
    if (redeliver !== undefined) await webhooks.redeliver(redeliver, times);
    const behaviour = await webhooks.behave({
      ...(duplicate === undefined ? {} : { duplicate }),
      ...(pause === undefined ? {} : { paused: pause }),
      ...(urls === undefined ? {} : { urls }),
    });
    res.json({ ...behaviour, ...(await webhooks.backlog()) });
  });

  router.post('/_sandbox/stripe/clock', (req, res) => {
    clocks.shift(clockSchema.parse(req.body));
    webhooks.wake();
    res.status(204).end();
  });
};

/** What happens to subscriptions that Stripe renews itself, without us. */
const addSubscriptionControls = (router: Router, world: StripeWorld, wake: () => void): void => {
  router.post('/_sandbox/stripe/subscriptions', async (req, res) => {
    const given = ownSubscriptionSchema.parse(req.body);
    const subscription = await world.database.transaction((tx) => addOwnSubscription(callIn(world, tx), given));
    wake();
    res.status(201).json(subscription);
  });
  router.post('/_sandbox/stripe/subscriptions/:id/price', async (req, res) => {
    const price = ownPriceSchema.parse(req.body);
    const { id } = req.params;
    res.json(await world.database.transaction((tx) => repriceOwnSubscription(callIn(world, tx), id, price)));
    wake();
  });
  router.post('/_sandbox/stripe/subscriptions/:id', async (req, res) => {
    const { event } = ownSubscriptionEventSchema.parse(req.body);
    const { id } = req.params;
    res.json(await world.database.transaction((tx) => moveOwnSubscription(callIn(world, tx), id, event)));
    wake();
  });
};
