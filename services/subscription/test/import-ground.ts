import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ApiSubscription, ListRenewals, PlanPublished } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { makeServiceGround } from '@quittance/testkit';
import { z } from 'zod';

import { importConfig } from '../src/config.ts';
import { runImport } from '../src/import/run-import.ts';
import { buildService, openImporter, subscriptionConfig } from '../src/service.ts';
import { freePlanPublished, planPublished } from './fixtures.ts';

const Row = z.object({
  id: z.string(),
  status: z.string(),
  owner: z.string(),
  price: z.int(),
  due: z.string().nullable(),
  country: z.string().nullable(),
});

const MAIN = resolve(import.meta.dirname, '../src/main.ts');
const NOW_MS = Date.now();

type Variables = Readonly<Record<string, string>>;
interface RunOptions {
  readonly apply?: true;
  readonly variables?: Variables;
}

export type ImportGround = Awaited<ReturnType<typeof startImportGround>>;

export const DAY_MS = 24 * 60 * 60 * 1000;
export const daysFromNow = (days: number): string => new Date(NOW_MS + days * DAY_MS).toISOString();

export const HEADER = 'legacy_id,account,product,plan,interval,price,currency,started_at,period_start,period_end';
export const csv = (id: string, account: string, price = '19.90') =>
  `${HEADER}\n${id},${account},automation,pro,month,${price},USD,2024-01-31,${daysFromNow(-10)},${daysFromNow(20)}\n`;

/** The service with a free plan and one that costs, and the importer over its database. */
export const startImportGround = async () => {
  const ground = await makeServiceGround('subscription');
  const config = loadConfig(subscriptionConfig, { ...ground.env, BEAT_INTERVAL_MS: '60000' });
  const service = buildService({ ...ground, config });
  await service.start();
  for (const data of [planPublished(), freePlanPublished()]) {
    await ground.handled(await ground.send(PlanPublished, { version: 1, data }));
  }
  const folder = await mkdtemp(join(tmpdir(), 'quittance-import-'));
  const env = { DATABASE_URL: must(ground.env['DATABASE_URL'], 'url') };

  const importLegacy = async (args: readonly string[], variables: Variables = {}) => {
    const lines: string[] = [];
    const importer = await openImporter(loadConfig(importConfig, { LOG_LEVEL: 'silent', ...env, ...variables }));
    const say = (line: string): void => void lines.push(line);
    try {
      return { code: (await runImport({ args, folder, say, importer })) ? 0 : 1, lines };
    } finally {
      await importer.close();
    }
  };

  const asked = async (path: string, as: Parameters<typeof ground.tokenFor>[0]): Promise<unknown> => {
    const headers = { authorization: `Bearer ${await ground.tokenFor(as)}` };
    return (await fetch(`http://127.0.0.1:${service.port()}${path}`, { headers })).json();
  };

  return {
    ground,
    folder,
    env,
    importLegacy,
    run: async (text: string, kind: 'csv' | 'json', options: RunOptions = {}) => {
      const file = join(folder, `${randomUUID()}.${kind}`);
      await writeFile(file, text);
      return importLegacy([file, ...(options.apply === true ? ['--apply'] : [])], options.variables);
    },
    /** As an operator calls it. */
    call: (args: readonly string[], variables: Variables = env) =>
      new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolveWith) => {
        const options = { env: { PATH: process.env['PATH'] ?? '', ...variables } };
        execFile(process.execPath, [MAIN, 'import-legacy', ...args], options, (error, stdout, stderr) => {
          resolveWith({ code: error === null ? 0 : Number(error.code), stdout, stderr });
        });
      }),
    subscriptionsOf: async (account: string) => {
      const sql = `SELECT id, status, renewal_owner AS owner, price_minor::int AS price, due_kind AS due, country
        FROM subscriptions WHERE account_id = $1 ORDER BY id`;
      return z.array(Row).parse((await ground.owner.query(sql, [account])).rows);
    },
    /** As its customer reads it. */
    read: async (account: string, id: string) => {
      const as = { account, permissions: ['own.read'] } as const;
      return ApiSubscription.parse(await asked(`/v1/subscriptions/${id}`, as));
    },
    renewalsOf: async (account: string) => {
      const path = `/v1/renewals?window=366d&account=${account}`;
      return ListRenewals.answer.parse(await asked(path, { permissions: ['billing.read'] }));
    },
    end: async () => {
      await service.stop();
      await ground.end();
      await rm(folder, { recursive: true });
    },
  };
};
