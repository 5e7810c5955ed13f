export { holdsCardNumber, maskCardNumbers } from './card-number.ts';
export { type ClockShift, makeShiftableClocks, type ShiftableClocks, systemClock, systemWallClock } from './clocks.ts';
export { ConfigError, type ConfigVariable, describeConfig, loadConfig, secretString } from './config.ts';
export {
  DURABLE_STEPS,
  type DurableStep,
  durableStep,
  isKillPlace,
  type KillPoint,
  type KillPointProbe,
  type KindsOf,
  passingsOf,
  setKillPointProbe,
} from './durable-step.ts';
export { type Health, type HealthCheck, type HealthReport, makeHealth } from './health.ts';
export { type Lifecycle, type LifecyclePart, makeLifecycle } from './lifecycle.ts';
export { type Logger, type LoggerOptions, makeLogger } from './logger.ts';
export { inOneWrite } from './in-one-write.ts';
export { type Loop, type LoopOptions, makeLoop, operationOfLoop, type Schedule } from './loop.ts';
export { makeMetrics, type MetricFacts, type Metrics } from './metrics.ts';
export { currentOperation, type Operation, requireOperation, runInOperation } from './operation.ts';
export { type InternalPublicJwk, serviceConfig } from './service-config.ts';
export { inServerSpan, type SpanFacts, startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';
export { childTraceparent, newTraceparent } from './traceparent.ts';
