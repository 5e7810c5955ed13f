export { ApiProblem, makeCall } from './api.ts';
export { databaseNameOf, STORING_SERVICES, type StoringService, withDatabase } from './databases.ts';
export { ensureDatabases } from './ensure-databases.ts';
export { PURCHASE_TRAIL } from './purchase-trail.ts';
export { removeTraces } from './remove-traces.ts';
export { freeNeighbours } from './free-port.ts';
export { openBus } from './open-bus.ts';
export { isAlive } from './is-alive.ts';
export {
  type Detour,
  makeServiceProcess,
  type ProcessName,
  type ProcessOptions,
  type ProcessSuite,
  type ServiceProcess,
} from './processes.ts';
export { type SuiteOptions } from './prepare-suite.ts';
export { CARDS, makeShopper, type Shopper, type Wish } from './shopper.ts';
export { type RunningSuite, startSuite } from './suite.ts';
export { busDatabaseUrl, type Environment, serviceEnvironment, type SuiteFacts } from './suite-environment.ts';
export { until } from './until.ts';
export { startWebhookTap, type WebhookTap } from './webhook-tap.ts';
