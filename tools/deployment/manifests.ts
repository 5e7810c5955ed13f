import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const Labels = z.record(z.string(), z.string());

const EnvVariable = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .object({ secretKeyRef: z.object({ name: z.string(), key: z.string(), optional: z.boolean().optional() }) })
    .optional(),
});
export type EnvVariable = z.infer<typeof EnvVariable>;

const Probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const Amounts = z.object({ cpu: z.string(), memory: z.string() });

const Container = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  env: z.array(EnvVariable).default([]),
  envFrom: z.array(z.strictObject({ configMapRef: z.object({ name: z.string() }) })).default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  resources: z.object({ requests: Amounts.optional(), limits: Amounts.optional() }).optional(),
  startupProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  securityContext: z
    .object({
      allowPrivilegeEscalation: z.boolean().optional(),
      readOnlyRootFilesystem: z.boolean().optional(),
      privileged: z.boolean().optional(),
      capabilities: z.object({ drop: z.array(z.string()), add: z.array(z.string()).optional() }).optional(),
    })
    .optional(),
});

/** A Deployment or a Job: as much of it as the house rules speak of. */
export const Workload = z.object({
  kind: z.enum(['Deployment', 'Job']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.number().optional(),
    template: z.object({
      metadata: z.object({ labels: Labels, annotations: Labels.optional() }),
      spec: z.object({
        serviceAccountName: z.string().optional(),
        automountServiceAccountToken: z.boolean().optional(),
        terminationGracePeriodSeconds: z.number().optional(),
        topologySpreadConstraints: z.array(z.object({ topologyKey: z.string() })).default([]),
        securityContext: z
          .object({
            runAsNonRoot: z.boolean().optional(),
            runAsUser: z.number().optional(),
            seccompProfile: z.object({ type: z.string() }).optional(),
          })
          .optional(),
        containers: z.array(Container).length(1),
        initContainers: z.never().optional(),
        volumes: z.never().optional(),
      }),
    }),
  }),
});
export type Workload = z.infer<typeof Workload>;

const Manifest = z.looseObject({ apiVersion: z.string(), kind: z.string() });
export type Manifest = z.infer<typeof Manifest>;

export const manifestFiles = (pattern: string): readonly string[] => globSync(pattern).toSorted();

/** Every document of a YAML text. Throws on what is not YAML, has a key twice, or is no manifest. */
export const parseManifests = (text: string): readonly Manifest[] =>
  parseAllDocuments(text, { uniqueKeys: true }).map((document) => {
    const [wrong] = [...document.errors, ...document.warnings];
    if (wrong !== undefined) throw wrong;
    return Manifest.parse(document.toJS());
  });

export const readManifests = (pattern: string): readonly Manifest[] =>
  manifestFiles(pattern).flatMap((file) => parseManifests(readFileSync(file, 'utf8')));

export const workloadsIn = (manifests: readonly Manifest[]): readonly Workload[] =>
  manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job').map((each) => Workload.parse(each));

/** Every service of the workspace: a folder with a manifest of its own. */
export const serviceNames = (): readonly string[] =>
  globSync('services/*/package.json')
    .map((file) => basename(dirname(file)))
    .toSorted();
