/** Goal: the image holds what every service needs, and compose.yaml would start the suite from it. */
import { existsSync, globSync, readFileSync } from 'node:fs';

import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';

import { NODE_OPTIONS } from '../infra/local/src/processes.ts';
import { environmentFaults, loadConfigs, standInSecrets } from './deployment/environment-faults.ts';
import { serviceNames } from './deployment/manifests.ts';
import { isPinned } from './deployment/workload-faults.ts';

const DOCKERFILE = readFileSync('infra/docker/Dockerfile', 'utf8');

const lines = (instruction: string): readonly string[] =>
  DOCKERFILE.split('\n')
    .filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.slice(instruction.length + 1));

describe('Dockerfile', () => {
  it('stands on the Node the repository pins, by exact tag', () => {
    const { devDependencies } = z
      .object({ devDependencies: z.object({ node: z.string() }) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const base = /^ARG NODE_IMAGE=(.*)$/m.exec(DOCKERFILE)?.[1] ?? '';

    expect(base).to.equal(`node:${devDependencies.node}-bookworm-slim`);
    const others = lines('FROM').filter((from) => !from.startsWith('${NODE_IMAGE}') && !from.startsWith('manifests'));
    expect(others).to.deep.equal([]);
  });

  it('runs as nobody in particular, and leaves health to whoever runs it', () => {
    expect(lines('USER')).to.deep.equal(['1000:1000']);
    expect([...lines('HEALTHCHECK'), ...lines('ADD')]).to.deep.equal([]);
    expect(DOCKERFILE).not.to.include('latest');
  });

  it('keeps the memory of a service as a suite of processes does on one machine', () => {
    expect(lines('ENV')).to.include(`NODE_ENV=production NODE_OPTIONS="${NODE_OPTIONS}"`);
  });

  it('brings the generated client of every service that stores something, and the built console', () => {
    const made = globSync('services/*/prisma/schema.prisma').map((file) =>
      file.replace('prisma/schema.prisma', 'src/persistence/generated'),
    );
    const copied = lines('COPY').flatMap((copy) => /^--from=build \/app\/(\S+) (\S+)$/.exec(copy)?.slice(1) ?? []);

    expect([...new Set(copied)].toSorted()).to.deep.equal([...made, 'services/console/dist'].toSorted());
  });

  it('copies only what is there', () => {
    const sources = lines('COPY')
      .filter((copy) => !copy.startsWith('--from'))
      .flatMap((copy) => copy.split(' ').slice(0, -1));

    expect(sources.filter((source) => !existsSync(source))).to.deep.equal([]);
  });
});

const ComposeService = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
});
const { services } = z
  .object({ services: z.record(z.string(), ComposeService) })
  .parse(parse(readFileSync('infra/docker/compose.yaml', 'utf8'), { merge: true }));

/** Values as Compose would fill them in from `.env`. */
const filledIn = (environment: Readonly<Record<string, string>>) => {
  const secrets: Readonly<Record<string, string>> = standInSecrets('sk_test_standin');
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{(\w+):\?[^}]*\}/g, (_all, variable: string) => secrets[variable] ?? 'standin'),
    ]),
  );
};

describe('compose.yaml', () => {
  it('gives every service, and the sandbox, what it reads and nothing else', async () => {
    const configs = await loadConfigs();
    const faults = [...serviceNames(), 'sandbox'].flatMap((name) => {
      const schema = configs.get(name) ?? expect.fail(`${name} has no configuration`);
      const environment = services[name]?.environment ?? expect.fail(`compose.yaml has no ${name}`);
      return environmentFaults(schema, filledIn(environment)).map((fault) => `${name}: ${fault}`);
    });

    expect(faults).to.deep.equal([]);
  });

  it('asks make-env.ts for every secret, and for no other', () => {
    const asked = Object.values(services).flatMap(({ environment }) =>
      Object.values(environment).flatMap((value) => [...value.matchAll(/\$\{(\w+)/g)].map((match) => match[1] ?? '')),
    );
    const made = [...readFileSync('infra/docker/src/make-env.ts', 'utf8').matchAll(/^ {4}([A-Z_]+):/gm)];

    expect([...new Set(asked)].toSorted()).to.deep.equal(made.map((match) => match[1] ?? '').toSorted());
  });

  it('pins what others made, checks health, and starts files that exist', () => {
    const own = 'quittance:local';
    const foreign = Object.values(services).filter(({ image }) => image !== own);
    expect(foreign.filter(({ image }) => !isPinned(image))).to.deep.equal([]);

    const oneShot = new Set(['migrate', 'topology']);
    const unchecked = Object.entries(services).filter(
      ([name, each]) => !oneShot.has(name) && each.healthcheck === undefined,
    );
    expect(unchecked).to.deep.equal([]);

    for (const [name, each] of Object.entries(services).filter(([, { image }]) => image === own)) {
      expect(existsSync(each.command?.[1] ?? ''), name).to.equal(true);
      expect([each.read_only, each.cap_drop], name).to.deep.equal([true, ['ALL']]);
    }
  });
});
