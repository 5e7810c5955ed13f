import { type ShiftableClocks } from '@quittance/runtime';
import express, { Router } from 'express';
import { z } from 'zod';

import { adminSchema } from './authgate/admin-list.ts';
import { type AuthGate } from './authgate/authgate.ts';
import { tokenRequestSchema } from './authgate/shortcut-tokens.ts';
import { type SandboxDatabase } from './database.ts';
import { RESET_SQL } from './schema.ts';
import { readBooks } from './stripe/books.ts';
import { FAULT_KINDS, type Faults } from './stripe/faults.ts';
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

const clockSchema = z.strictObject({ businessMs: z.int(), wallMs: z.int() });

interface ControlledParts {
  readonly database: SandboxDatabase;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly clocks: ShiftableClocks;
}

/** `/_sandbox/*`: everything a person or a test may ask of the outside world that the real one would not do on request. */
export const makeControlRouter = (parts: ControlledParts & { readonly authGate: AuthGate }): Router => {
  const { database, authGate, webhooks } = parts;
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

  router.post('/_sandbox/reset', async (_req, res) => {
    await database.transaction((tx) => tx.query(RESET_SQL));
    await webhooks.behave({ paused: false, duplicate: 1 });
    await authGate.admins.seed();
    res.status(204).end();
  });
  return router;
};

const addStripeControls = (router: Router, { database, faults, webhooks, clocks }: ControlledParts): void => {
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
