/** Goal: what is in k8s/ would start, and runs with no more rights, reach and secrets than each service needs. */
import { basename } from 'node:path';

import { describeConfig } from '@quittance/runtime';
import { expect } from 'chai';
import { z } from 'zod';

import { type Environment, environmentFaults, loadConfigs, standInSecrets } from './deployment/environment-faults.ts';
import {
  type Manifest,
  manifestFiles,
  parseManifests,
  readManifests,
  serviceNames,
  Workload,
  workloadsIn,
} from './deployment/manifests.ts';
import { mergedConfigMap, readKustomization } from './deployment/overlay.ts';
import { renderOverlay } from './deployment/render.ts';
import { isPinned, workloadFaults } from './deployment/workload-faults.ts';

const OVERLAYS = ['k8s/overlays/staging', 'k8s/overlays/production'];
const BASE = readManifests('k8s/{base,migrate}/*.yaml').filter(({ kind }) => kind !== 'Kustomization');
const WORKLOADS = workloadsIn(BASE);

const named = (kind: string): readonly string[] => namesOf(BASE, kind);
const namesOf = (manifests: readonly Manifest[], kind: string): readonly string[] =>
  manifests
    .filter((manifest) => manifest.kind === kind)
    .map((manifest) => z.object({ metadata: z.object({ name: z.string() }) }).parse(manifest).metadata.name)
    .toSorted();

const secretsOf = (workload: Workload): readonly string[] =>
  containerOf(workload).env.flatMap(({ name, valueFrom }) => {
    if (valueFrom === undefined) return [];
    expect(valueFrom.secretKeyRef.key, 'a secret’s key is its variable’s name').to.equal(name);
    return [`${valueFrom.secretKeyRef.name}/${name}`];
  });

const containerOf = (workload: Workload) => workload.spec.template.spec.containers[0] ?? expect.fail('no container');

describe('k8s', () => {
  it('is YAML without a key given twice, and every file of a folder is listed', () => {
    for (const folder of ['k8s/base', 'k8s/migrate']) {
      const files = manifestFiles(`${folder}/*.yaml`).map((file) => basename(file));

      expect([...readKustomization(folder).resources, 'kustomization.yaml'].toSorted()).to.deep.equal(files);
    }
    expect(readManifests('k8s/**/*.yaml')).to.have.length.above(40);
  });

  it('gives every service a Deployment, a Service, an account without a token and a disruption budget', () => {
    const names = serviceNames();

    expect(named('Deployment')).to.deep.equal(names);
    expect(named('Service')).to.deep.equal([...names, 'nobody'].toSorted());
    expect(named('PodDisruptionBudget')).to.deep.equal(names);
    expect(named('ServiceAccount')).to.deep.equal([...names, 'migrate'].toSorted());
    expect(named('HorizontalPodAutoscaler')).to.deep.equal(['gateway']);
    const mounted = BASE.filter(
      (each) => each.kind === 'ServiceAccount' && each['automountServiceAccountToken'] !== false,
    );
    expect(mounted).to.deep.equal([]);
  });

  it('keeps the house rules in every workload', () => {
    expect(WORKLOADS).to.have.length(serviceNames().length + 1);
    expect(WORKLOADS.flatMap(workloadFaults)).to.deep.equal([]);
  });

  it('finds a workload that breaks them', () => {
    const bare = Workload.parse({
      kind: 'Deployment',
      metadata: { name: 'bare' },
      spec: {
        replicas: 1,
        template: {
          metadata: { labels: {} },
          spec: { containers: [{ name: 'bare', image: 'postgres:latest', command: ['sh'] }] },
        },
      },
    });

    expect(workloadFaults(bare)).to.have.length(19);
    expect(['node:24', 'node:latest', 'node'].filter(isPinned)).to.deep.equal([]);
    expect(['node:24.21.0', 'postgres:18.1-bookworm'].filter((image) => !isPinned(image))).to.deep.equal([]);
  });
});

describe('k8s environments', () => {
  for (const overlay of OVERLAYS) {
    it(`${basename(overlay)}: every service is given what it reads, all of it and nothing else`, async () => {
      const configs = await loadConfigs();
      const secrets = standInSecrets(overlay.endsWith('production') ? 'sk_live_standin' : 'sk_test_standin');

      const faults = WORKLOADS.filter(({ kind }) => kind === 'Deployment').flatMap((workload) => {
        const { name } = workload.metadata;
        const schema = configs.get(name) ?? expect.fail(`${name} has no configuration`);
        const plain = mergedConfigMap(name, overlay);
        const fixed: Environment = Object.fromEntries(
          containerOf(workload).env.map(({ name: key, value }) => [key, value ?? secrets[key] ?? '']),
        );
        const secret = describeConfig(schema).filter((variable) => variable.secret && variable.name in plain);
        return [
          ...environmentFaults(schema, { ...plain, ...fixed }),
          ...secret.map((variable) => `${variable.name} is a secret in a ConfigMap`),
        ].map((fault) => `${name}: ${fault}`);
      });

      expect(faults).to.deep.equal([]);
    });

    it(`${basename(overlay)}: runs one pinned image, migrated by the same one, in its own place`, () => {
      const [main, migrate] = [readKustomization(overlay), readKustomization(`${overlay}/migrate`)];

      expect(main.images.map(({ newTag }) => isPinned(`quittance:${newTag}`))).to.deep.equal([true]);
      expect(migrate.images).to.deep.equal(main.images);
      expect(migrate.namespace).to.equal(main.namespace);
      expect(main.replicas.filter(({ count }) => count < 2)).to.deep.equal([]);
    });
  }

  it('lets each secret reach one service', () => {
    const holders = new Map<string, string[]>();
    for (const workload of WORKLOADS) {
      for (const secret of secretsOf(workload)) {
        holders.set(secret, [...(holders.get(secret) ?? []), workload.metadata.name]);
      }
    }

    for (const [secret, names] of holders) {
      if (secret === 'internal-identity/INTERNAL_TOKEN_PUBLIC_KEY') continue;
      expect(names, secret).to.deep.equal([secret.split('/')[0]]);
    }
    const withKey = (pattern: RegExp) =>
      [...holders].filter(([secret]) => pattern.test(secret)).flatMap(([, names]) => names);
    expect(withKey(/PRIVATE_KEY/)).to.deep.equal(['gateway']);
    expect(new Set(withKey(/STRIPE/))).to.deep.equal(new Set(['payments-card']));
    expect(withKey(/^console/)).to.deep.equal([]);
  });

  it('shows every secret in the example, and no other', () => {
    const Secret = z.object({ metadata: z.object({ name: z.string() }), stringData: z.record(z.string(), z.string()) });
    const shown = readManifests('k8s/overlays/production/examples/secrets.yaml').flatMap((manifest) => {
      const { metadata, stringData } = Secret.parse(manifest);
      expect(Object.values(stringData).filter((value) => !value.includes('replace-me'))).to.deep.equal([]);
      return Object.keys(stringData).map((key) => `${metadata.name}/${key}`);
    });

    expect(shown.toSorted()).to.deep.equal([...new Set(WORKLOADS.flatMap(secretsOf))].toSorted());
  });
});

const rendered = OVERLAYS.flatMap((overlay) => [overlay, `${overlay}/migrate`]).map((folder) => ({
  folder,
  text: renderOverlay(folder),
}));
if (rendered.some(({ text }) => text === null)) {
  console.log('k8s: not rendered, there is no kubectl with Kustomize 5 here; the files themselves are tested.');
}

for (const { folder, text } of rendered) {
  if (text === null) continue;
  describe(`kubectl kustomize ${folder}`, () => {
    it('makes the same workloads, pinned, in one namespace, with every host filled in', () => {
      const manifests = parseManifests(text);
      const migrates = folder.endsWith('/migrate');

      const workloads = workloadsIn(manifests);
      expect(workloads.map(({ metadata }) => metadata.name).toSorted()).to.deep.equal(
        migrates ? ['migrate'] : serviceNames(),
      );
      expect(workloads.flatMap(workloadFaults)).to.deep.equal([]);
      expect(workloads.map((each) => containerOf(each).image).filter((image) => !isPinned(image))).to.deep.equal([]);
      expect(text).not.to.match(/\.invalid|:latest/);
      const maps = namesOf(manifests, 'ConfigMap').map((name) => name.replace(/-[a-z0-9]{10}$/, ''));
      expect(maps).to.deep.equal(migrates ? [] : serviceNames());
      expect(new Set(text.match(/^ {2}namespace: .*/gm)).size).to.equal(1);
    });
  });
}
