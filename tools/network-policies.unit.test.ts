/** Goal: every workload is closed, and each opening is one that is written down here too. */
import { expect } from 'chai';
import { z } from 'zod';

import { readManifests, serviceNames } from './deployment/manifests.ts';

const Selector = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(z.strictObject({ key: z.string(), operator: z.literal('In'), values: z.array(z.string()) }))
    .optional(),
});
type Selector = z.infer<typeof Selector>;

const Peer = z.strictObject({
  podSelector: Selector.optional(),
  namespaceSelector: Selector.optional(),
  ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()) }).optional(),
});
const Ports = z.array(z.strictObject({ port: z.number(), protocol: z.string() }));

const NetworkPolicy = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.strictObject({
    podSelector: Selector,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z.array(z.strictObject({ from: z.array(Peer).min(1), ports: Ports })).default([]),
    egress: z.array(z.strictObject({ to: z.array(Peer).min(1), ports: Ports })).default([]),
  }),
});

const POLICIES = readManifests('k8s/base/*.yaml')
  .filter(({ kind }) => kind === 'NetworkPolicy')
  .map((manifest) => NetworkPolicy.parse(manifest));

const NAME = 'app.kubernetes.io/name';
const namesIn = ({ matchLabels = {}, matchExpressions = [] }: Selector): readonly string[] => [
  ...Object.entries(matchLabels).flatMap(([key, value]) => (key === NAME ? [value] : [`${key}=${value}`])),
  ...matchExpressions.flatMap(({ values }) => values),
];
const isEmpty = (selector: Selector): boolean => namesIn(selector).length === 0;
const selects = (selector: Selector, name: string): boolean => isEmpty(selector) || namesIn(selector).includes(name);

const peerNames = ({ podSelector, namespaceSelector, ipBlock }: z.infer<typeof Peer>): readonly string[] => {
  if (ipBlock !== undefined) return [ipBlock.except.includes('10.0.0.0/8') ? 'public' : 'anywhere'];
  if (namespaceSelector !== undefined) return namesIn(namespaceSelector).map((name) => name.replace(/^.*=/, ''));
  return podSelector === undefined ? [] : namesIn(podSelector);
};

/** `from:port` or `to:port` of everything that is open for a workload. */
const openFor = (name: string) => {
  const own = POLICIES.filter(({ spec }) => selects(spec.podSelector, name)).map(({ spec }) => spec);
  const spell = (peers: readonly z.infer<typeof Peer>[], ports: z.infer<typeof Ports>) =>
    peers.flatMap(peerNames).flatMap((peer) => ports.map(({ port }) => `${peer}:${port}`));
  return {
    from: new Set(own.flatMap(({ ingress }) => ingress.flatMap(({ from, ports }) => spell(from, ports)))),
    to: new Set(own.flatMap(({ egress }) => egress.flatMap(({ to, ports }) => spell(to, ports)))),
  };
};

const NAMES = ['kube-system:53'];
const STORAGE = ['quittance-data:5432', 'quittance-data:5671', 'quittance-data:5672'];
const BEHIND = ['catalog', 'subscription', 'invoicing', 'payments-card', 'audit', 'console'];

const EXPECTED: Readonly<Record<string, { readonly from: readonly string[]; readonly to: readonly string[] }>> = {
  gateway: {
    from: ['ingress-nginx:8080', 'monitoring:8080'],
    to: [...NAMES, ...STORAGE, ...BEHIND.map((name) => `${name}:8080`), 'anywhere:443'],
  },
  catalog: { from: ['gateway:8080', 'monitoring:8080'], to: [...NAMES, ...STORAGE] },
  subscription: { from: ['gateway:8080', 'monitoring:8080'], to: [...NAMES, ...STORAGE] },
  invoicing: { from: ['gateway:8080', 'monitoring:8080'], to: [...NAMES, ...STORAGE] },
  'payments-card': { from: ['gateway:8080', 'monitoring:8080'], to: [...NAMES, ...STORAGE, 'public:443'] },
  audit: { from: ['gateway:8080', 'monitoring:8080'], to: [...NAMES, ...STORAGE] },
  console: { from: ['gateway:8080'], to: NAMES },
  migrate: { from: [], to: [...NAMES, 'quittance-data:5432'] },
};

describe('k8s network policies', () => {
  it('close everything by default, both ways', () => {
    const closed = POLICIES.filter(({ spec }) => isEmpty(spec.podSelector) && spec.policyTypes.length === 2);

    expect(closed.map(({ spec }) => [...spec.ingress, ...spec.egress])).to.deep.equal([[]]);
  });

  it('know every workload', () => {
    expect(Object.keys(EXPECTED).toSorted()).to.deep.equal([...serviceNames(), 'migrate'].toSorted());
  });

  for (const [name, { from, to }] of Object.entries(EXPECTED)) {
    it(`open ${name} to these and no others`, () => {
      expect(openFor(name)).to.deep.equal({ from: new Set(from), to: new Set(to) });
    });
  }

  it('name a direction wherever they open it', () => {
    const unheard = POLICIES.filter(
      ({ spec }) =>
        (spec.ingress.length > 0 && !spec.policyTypes.includes('Ingress')) ||
        (spec.egress.length > 0 && !spec.policyTypes.includes('Egress')),
    );

    expect(unheard).to.deep.equal([]);
  });
});
