import { existsSync } from 'node:fs';

import { type Workload } from './manifests.ts';

/** What a workload lacks of the house rules for anything that runs in a cluster, one short line each. */
export const workloadFaults = (workload: Workload): readonly string[] => {
  const rules = [...podRules(workload), ...containerRules(workload)];
  const served = workload.kind === 'Deployment' ? deploymentRules(workload) : [];
  return [...rules, ...served].flatMap(([holds, fault]) => (holds ? [] : [`${workload.metadata.name}: ${fault}`]));
};

type Rule = readonly [holds: boolean, fault: string];

const podRules = ({ metadata, spec }: Workload): readonly Rule[] => {
  const pod = spec.template.spec;
  const identity = pod.securityContext;
  return [
    [spec.template.metadata.labels['app.kubernetes.io/name'] === metadata.name, 'is not labelled with its name'],
    [pod.serviceAccountName === metadata.name, 'has no service account of its own'],
    [pod.automountServiceAccountToken === false, 'mounts a token of the cluster'],
    [pod.terminationGracePeriodSeconds !== undefined, 'says nothing about the time it needs to stop'],
    [identity?.runAsNonRoot === true && (identity.runAsUser ?? 0) > 0, 'may run as root'],
    [identity?.seccompProfile?.type === 'RuntimeDefault', 'runs without the default seccomp profile'],
  ];
};

const containerRules = ({ spec }: Workload): readonly Rule[] =>
  spec.template.spec.containers.flatMap(({ image, command, resources, securityContext, env, envFrom }): Rule[] => [
    [image === 'quittance' || isPinned(image), `image ${image} is not pinned`],
    [command[0] === 'node' && existsSync(command[1] ?? ''), `${command.join(' ')} is not in the repository`],
    [resources?.requests !== undefined && resources.limits !== undefined, 'has no requests and limits'],
    [securityContext?.allowPrivilegeEscalation === false, 'may gain privileges'],
    [securityContext?.privileged !== true, 'is privileged'],
    [securityContext?.readOnlyRootFilesystem === true, 'may write to its image'],
    [securityContext?.capabilities?.drop.includes('ALL') === true, 'keeps capabilities'],
    [(securityContext?.capabilities?.add ?? []).length === 0, 'adds capabilities'],
    [new Set(env.map(({ name }) => name)).size === env.length, 'gives a variable twice'],
    [envFrom.length <= 1, 'takes more than one map of variables'],
  ]);

const deploymentRules = ({ metadata, spec }: Workload): readonly Rule[] => {
  const pod = spec.template.spec;
  return [
    [
      metadata.name === 'gateway' ? spec.replicas === undefined : (spec.replicas ?? 1) >= 2,
      'has fewer than 2 replicas',
    ],
    [
      pod.topologySpreadConstraints.some(({ topologyKey }) => topologyKey === 'kubernetes.io/hostname'),
      'is not spread',
    ],
    ...pod.containers.flatMap(({ ports, env, startupProbe, livenessProbe, readinessProbe }): Rule[] => {
      const port = ports.find(({ name }) => name === 'http')?.containerPort;
      return [
        [startupProbe?.httpGet.path === '/live', 'has no startup probe on /live'],
        [livenessProbe?.httpGet.path === '/live', 'has no liveness probe on /live'],
        [readinessProbe?.httpGet.path === '/ready', 'has no readiness probe on /ready'],
        [env.find(({ name }) => name === 'PORT')?.value === String(port), 'does not listen where it is asked'],
        [env.find(({ name }) => name === 'HOST')?.value === '0.0.0.0', 'listens to itself only'],
      ];
    }),
  ];
};

/** An exact version or a digest: what was tested is what runs. */
export const isPinned = (image: string): boolean => /:v?\d+\.\d+(\.\d+)?[\w.-]*$|@sha256:[0-9a-f]{64}$/.test(image);
