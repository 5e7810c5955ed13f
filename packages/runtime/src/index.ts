export { DURABLE_STEPS, type DurableStep, durableStep, type KillPoint, type KillPointProbe, setKillPointProbe } from './durable-step.ts';
export { currentOperation, type Operation, requireOperation, runInOperation } from './operation.ts';
