/** The boundary rules can fail: each violating file here must fire exactly the rule it names. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { expect } from 'chai';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '..');

/** What the violating files import; none of these violates anything itself. */
const innocent: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "fixture", "type": "module" }',
  'node_modules/stripe/package.json':
    '{ "name": "stripe", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/stripe/index.js': 'export const x = 1;',
  'node_modules/express/package.json':
    '{ "name": "express", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/express/index.js': 'export const x = 1;',
  'node_modules/@prisma/client/package.json':
    '{ "name": "@prisma/client", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/@prisma/client/index.js': 'export const x = 1;',
  'services/a/package.json':
    '{ "name": "a", "dependencies": { "stripe": "1", "@prisma/client": "1" }, "devDependencies": { "express": "1" } }',
  'services/b/src/service.ts': 'export const x = 1;',
  'services/b/src/domain/plan.ts': 'export const x = 1;',
  'services/a/src/domain/plan.ts': 'export const x = 1;',
  'services/a/src/persistence/plans.ts': 'export const x = 1;',
  'services/a/src/http/routes.ts': 'export const x = 1;',
  'services/a/src/config.ts': 'export const x = 1;',
  'services/a/src/circle-two.ts': "export { x } from './circle-one.ts';",
  'infra/local/src/index.ts': 'export const x = 1;',
  ...Object.fromEntries(
    [
      'kernel',
      'money',
      'contracts',
      'runtime',
      'database',
      'bus',
      'http',
      'auth',
      'client',
      'service',
      'testkit',
    ].flatMap((name) => [
      [`packages/${name}/src/index.ts`, 'export const x = 1;'],
      [`packages/${name}/src/inner.ts`, 'export const x = 1;'],
    ]),
  ),
};

const imports = (specifier: string): string => `export { x } from '${specifier}';`;
const fromService = (target: string): string => imports(`../../../../${target}`);
const pkg = (name: string): string => fromService(`packages/${name}/src/index.ts`);

/** Path of the violating file, its text, and the rules it breaks. */
const violations: readonly (readonly [string, string, readonly string[]])[] = [
  ['services/a/src/domain/uses-node.ts', imports('node:crypto'), ['domain-is-pure']],
  ['services/a/src/domain/uses-contracts.ts', pkg('contracts'), ['domain-is-pure']],
  ['services/a/src/domain/uses-rows.ts', "export type { x } from '../persistence/plans.ts';", ['domain-is-pure']],
  ['services/a/src/domain/uses-inline.ts', "export type X = import('../http/routes.ts').x;", ['domain-is-pure']],
  ['services/a/src/application/uses-bus.ts', pkg('bus'), ['application-is-pure']],
  ['services/a/src/application/uses-config.ts', imports('../config.ts'), ['application-is-pure']],
  ['services/a/src/http/uses-rows.ts', imports('../persistence/plans.ts'), ['http-rooms']],
  ['services/a/src/http/uses-bus.ts', pkg('bus'), ['http-packages']],
  ['services/a/src/messaging/uses-http.ts', imports('../http/routes.ts'), ['messaging-rooms']],
  ['services/a/src/messaging/uses-database.ts', pkg('database'), ['messaging-packages']],
  ['services/a/src/persistence/uses-contracts.ts', pkg('contracts'), ['persistence-packages']],
  ['services/a/src/persistence/uses-http.ts', imports('../http/routes.ts'), ['persistence-rooms']],
  ['services/a/src/providers/uses-contracts.ts', pkg('contracts'), ['providers-packages']],
  ['services/a/src/providers/uses-rows.ts', imports('../persistence/plans.ts'), ['providers-rooms']],
  ['services/a/src/jobs/uses-bus.ts', pkg('bus'), ['jobs-packages']],
  ['services/a/src/jobs/uses-rows.ts', imports('../persistence/plans.ts'), ['jobs-rooms']],
  ['services/a/src/config-b.ts', imports('../../b/src/service.ts'), ['no-cross-service']],
  ['services/a/src/uses-infra.ts', imports('../../../infra/local/src/index.ts'), ['services-not-to-infra']],
  ['services/a/src/uses-inner.ts', imports('../../../packages/http/src/inner.ts'), ['no-deep-package-import']],
  ['services/a/src/uses-testkit.ts', imports('../../../packages/testkit/src/index.ts'), ['testkit-only-in-tests']],
  ['services/a/src/jobs/uses-prisma.ts', imports('@prisma/client'), ['prisma-only-in-persistence']],
  ['services/a/src/jobs/uses-stripe.ts', imports('stripe'), ['vendor-only-in-providers']],
  ['services/a/src/uses-dev-dep.ts', imports('express'), ['no-dev-dep']],
  ['services/b/src/uses-undeclared.ts', imports('express'), ['no-undeclared-dep']],
  ['services/a/src/uses-nothing.ts', imports('./not-there.ts'), ['no-unresolvable']],
  ['services/a/src/circle-one.ts', imports('./circle-two.ts'), ['no-cycle']],
  ['infra/local/src/uses-domain.ts', imports('../../../services/b/src/domain/plan.ts'), ['no-deep-service-import']],
  ['packages/bus/src/uses-infra.ts', imports('../../../infra/local/src/index.ts'), ['packages-not-upward']],
  ['packages/kernel/src/up.ts', imports('../../money/src/index.ts'), ['package-kernel-points-downward']],
  ['packages/money/src/up.ts', imports('../../contracts/src/index.ts'), ['package-money-points-downward']],
  ['packages/contracts/src/up.ts', imports('../../runtime/src/index.ts'), ['package-contracts-points-downward']],
  ['packages/runtime/src/up.ts', imports('../../contracts/src/index.ts'), ['package-runtime-points-downward']],
  [
    'packages/embedded-postgres/src/up.ts',
    imports('../../kernel/src/index.ts'),
    ['package-embedded-postgres-points-downward'],
  ],
  ['packages/database/src/up.ts', imports('../../contracts/src/index.ts'), ['package-database-points-downward']],
  ['packages/bus/src/up.ts', imports('../../database/src/index.ts'), ['package-bus-points-downward']],
  ['packages/http/src/up.ts', imports('../../database/src/index.ts'), ['package-http-points-downward']],
  ['packages/auth/src/up.ts', imports('../../http/src/index.ts'), ['package-auth-points-downward']],
  ['packages/client/src/up.ts', imports('../../runtime/src/index.ts'), ['package-client-points-downward']],
  ['packages/service/src/up.ts', imports('../../client/src/index.ts'), ['package-service-points-downward']],
];

/** Allowed, though they look like it. */
const allowed: readonly (readonly [string, string])[] = [
  ['services/a/src/domain/uses-money.ts', pkg('money')],
  ['services/a/src/application/uses-domain.ts', imports('../domain/plan.ts')],
  ['services/a/src/persistence/uses-prisma.ts', imports('@prisma/client')],
  ['services/a/src/providers/uses-stripe.ts', imports('stripe')],
  ['services/a/test/component/a.test.ts', pkg('testkit')],
  ['packages/database/test/a.test.ts', imports('../../bus/src/index.ts')],
];

const Report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

const cruise = (folder: string): Promise<z.infer<typeof Report>> =>
  new Promise((answer, reject) => {
    execFile(
      join(ROOT, 'node_modules/.bin/depcruise'),
      ['--config', join(ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json', 'packages', 'services', 'infra'],
      { cwd: folder, maxBuffer: 16_000_000 },
      (_exit, stdout, stderr) => {
        try {
          answer(Report.parse(JSON.parse(stdout)));
        } catch (error) {
          reject(new Error(`dependency-cruiser said: ${stderr}`, { cause: error }));
        }
      },
    );
  });

describe('boundaries', () => {
  let folder = '';
  let report: z.infer<typeof Report>;

  const firedFor = (file: string): readonly string[] => [
    ...new Set(report.summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)),
  ];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quittance-boundaries-'));
    const files = [...Object.entries(innocent), ...allowed, ...violations];
    await Promise.all(
      files.map(async ([path, text]) => {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }),
    );
    report = await cruise(folder);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('reads the files at all', () => {
    expect(report.summary.totalCruised).to.be.greaterThan(violations.length);
  });

  for (const [file, , rules] of violations) {
    it(`refuses ${file}`, () => {
      expect(firedFor(file)).to.deep.equal(rules);
    });
  }

  for (const [file] of allowed) {
    it(`allows ${file}`, () => {
      expect(firedFor(file)).to.deep.equal([]);
    });
  }

  it('has a violating file for every rule', async () => {
    const loaded: unknown = await import(join(ROOT, '.dependency-cruiser.mjs'));
    const { default: config } = z
      .object({ default: z.object({ forbidden: z.array(z.object({ name: z.string() })) }) })
      .parse(loaded);
    const proved = new Set(violations.flatMap(([, , rules]) => rules));

    expect(config.forbidden.map(({ name }) => name).filter((name) => !proved.has(name))).to.deep.equal([]);
  });
});
