import { randomBytes } from 'node:crypto';

import { type Secret } from '@quittance/kernel';
import express, { type Response, Router } from 'express';
import { z } from 'zod';

import { type SandboxDatabase } from '../database.ts';
import { PAGE_HEADERS, pickLanguage } from '../html.ts';
import { readSetting, writeSetting } from '../settings.ts';
import { type AdminList, makeAdminList } from './admin-list.ts';
import { type AuthGateOptions, makeOidcProvider } from './oidc-provider.ts';
import { makePeople, type People, PERSONAS } from './people.ts';
import { personaPage } from './persona-page.ts';
import { makeTokenMint, type TokenMint } from './shortcut-tokens.ts';
import { loadSigningKeys, rotateSigningKeys } from './signing-keys.ts';

export interface AuthGate {
  readonly router: Router;
  readonly tokens: TokenMint;
  readonly admins: AdminList;
  rotateKeys(): Promise<void>;
  /** How often the key set was asked for, since the sandbox runs. */
  jwksFetches(): number;
  /** The key set answers 503 for this long. */
  takeJwksDown(seconds: number): void;
  /** The admin list answers 503 for this long. */
  takeAdminListDown(seconds: number): void;
}

export interface AuthGateFacts extends Omit<AuthGateOptions, 'cookieKey'> {
  readonly superAdminSecret: Secret;
}

export const makeAuthGate = async (facts: AuthGateFacts, database: SandboxDatabase): Promise<AuthGate> => {
  const options: AuthGateOptions = { ...facts, cookieKey: await cookieKeyOf(database) };
  const people = makePeople(database);
  const admins = makeAdminList(database);
  await admins.seed();
  let keys = await loadSigningKeys(database);
  const build = () => makeOidcProvider(options, { database, people, keys });
  let provider = build();
  let handle = provider.callback();
  const downUntilMs = { jwks: 0, admins: 0 };
  let jwksFetches = 0;
  const tokens = makeTokenMint({ ...facts, keys: () => keys, people });

  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '16kb' });
  router.get('/authgate/jwks', (_req, res, next) => {
    jwksFetches += 1;
    return Date.now() < downUntilMs.jwks ? sendDown(res) : next();
  });
  router.get('/authgate/interaction/:uid', async (req, res) => {
    const { params } = await provider.interactionDetails(req, res);
    const wished = params['ui_locales'];
    const language = pickLanguage(typeof wished === 'string' ? wished : null, req.get('accept-language'));
    res
      .set(PAGE_HEADERS)
      .type('html')
      .send(personaPage(language, `/authgate/interaction/${req.params.uid}`));
  });
  router.post('/authgate/interaction/:uid', form, async (req, res) => {
    const subject = await subjectOf(people, req.body);
    if (subject === null) res.status(400).type('text').send('There is no such persona.');
    else await provider.interactionFinished(req, res, { login: { accountId: subject, remember: true }, consent: {} });
  });
  router.use('/authgate', (req, res) => handle(req, res));
  router.get('/token/:persona', async (req, res) => {
    const { account } = req.query;
    const token = await tokens.forPersona(req.params.persona, typeof account === 'string' ? account : null);
    res.set('cache-control', 'no-store').type('text');
    if (token === null) res.status(404).send('There is no such persona; see the README of the sandbox.\n');
    else res.send(token);
  });
  router.get('/superadmin/admins', async (req, res) => {
    const bearer = /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1];
    if (Date.now() < downUntilMs.admins) sendDown(res);
    else if (bearer === undefined || !facts.superAdminSecret.equals(bearer))
      res.status(401).json({ error: 'unauthorized' });
    else res.json({ admins: await admins.all() });
  });

  return {
    router,
    tokens,
    admins,
    rotateKeys: async () => {
      keys = await rotateSigningKeys(database);
      provider = build();
      handle = provider.callback();
    },
    jwksFetches: () => jwksFetches,
    takeJwksDown: (seconds) => {
      downUntilMs.jwks = Date.now() + seconds * 1000;
    },
    takeAdminListDown: (seconds) => {
      downUntilMs.admins = Date.now() + seconds * 1000;
    },
  };
};

const choiceSchema = z.object({ persona: z.string() });

const subjectOf = async (people: People, body: unknown): Promise<string | null> => {
  const choice = choiceSchema.safeParse(body);
  if (!choice.success) return null;
  if (choice.data.persona === 'new-customer') return (await people.create()).subject;
  return PERSONAS.find((persona) => persona.key === choice.data.persona)?.person.subject ?? null;
};

const cookieKeyOf = async (database: SandboxDatabase): Promise<string> => {
  const stored = await readSetting(database, 'cookie-key');
  if (typeof stored === 'string') return stored;
  const made = randomBytes(32).toString('hex');
  await writeSetting(database, 'cookie-key', made);
  return made;
};

const sendDown = (res: Response): void => {
  res.status(503).type('text').send('Taken down on request.');
};
