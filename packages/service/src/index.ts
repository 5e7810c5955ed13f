export { assembleService } from './assemble-service.ts';
export { commandClock } from './business-clock.ts';
export { type FollowedClock, makeFollowedClock } from './follow-clock.ts';
export type { AttentionItem, BaseConfig, Kit, Parts, RunningService, ServiceDeps, ServiceSpec } from './kit.ts';
export { makeTransport } from './make-transport.ts';
export { type MainOptions, runMain } from './run-main.ts';
