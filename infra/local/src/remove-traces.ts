import { removeRabbitTopology } from '@quittance/bus';
import { Secret } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { subscriptionConfig } from '@quittance/subscription';

import { dropDatabases, dropRoles } from './ensure-databases.ts';
import { busPrefix, serviceEnvironment, type SuiteFacts } from './suite-environment.ts';

/** What a private copy put on servers that were given to it: databases, roles, queues. Call it after the suite has stopped. */
export const removeTraces = async (facts: SuiteFacts, given: { readonly databaseServer: boolean }): Promise<void> => {
  await removeQueues(facts);
  if (!given.databaseServer) return;
  await dropDatabases(facts);
  await dropRoles(facts);
};

/** Queues and exchanges with whatever waits in them: messages of a life that is over would only confuse the next. */
export const removeQueues = async (facts: SuiteFacts): Promise<void> => {
  if (facts.rabbitUrl === null) return;
  const { RETRY_TIERS_MS: retryTiersMs } = loadConfig(subscriptionConfig, serviceEnvironment('subscription', facts));
  await removeRabbitTopology({ url: new Secret(facts.rabbitUrl), retryTiersMs, prefix: busPrefix(facts) });
};
