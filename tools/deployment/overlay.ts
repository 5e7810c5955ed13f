import { readFileSync } from 'node:fs';

import { parse } from 'yaml';
import { z } from 'zod';

import { type Environment } from './environment-faults.ts';

const Kustomization = z.object({
  namespace: z.string().optional(),
  resources: z.array(z.string()),
  images: z.array(z.object({ name: z.string(), newTag: z.string() })).default([]),
  configMapGenerator: z
    .array(z.object({ name: z.string(), behavior: z.enum(['merge']).optional(), literals: z.array(z.string()) }))
    .default([]),
  replicas: z.array(z.object({ name: z.string(), count: z.number() })).default([]),
});

export const readKustomization = (folder: string): z.infer<typeof Kustomization> =>
  Kustomization.parse(parse(readFileSync(`${folder}/kustomization.yaml`, 'utf8')));

/** What a ConfigMap of the base says after an overlay had its say, as Kustomize merges them. */
export const mergedConfigMap = (name: string, overlay: string): Environment =>
  Object.fromEntries(
    ['k8s/base', overlay]
      .flatMap((folder) => readKustomization(folder).configMapGenerator)
      .filter((map) => map.name === name)
      .flatMap(({ literals }) => literals)
      .map((literal) => {
        const at = literal.indexOf('=');
        return [literal.slice(0, at), literal.slice(at + 1)];
      }),
  );
