import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

import { childTraceparent } from './traceparent.ts';

export interface TelemetryOptions {
  readonly serviceName: string;
  /** Base URL of an OTLP/HTTP collector; undefined leaves telemetry off, at no cost. */
  readonly endpoint: string | undefined;
}

export interface Telemetry {
  stop(): Promise<void>;
}

let running = false;

/**
 * Starts exporting spans when an endpoint is configured. Call it before `pg` and `amqplib` are imported if their own
 * spans are wanted; ours need nothing. The http instrumentation is left out on purpose: it halves throughput even when
 * it samples nothing.
 */
export const startTelemetry = async ({ serviceName, endpoint }: TelemetryOptions): Promise<Telemetry> => {
  if (endpoint === undefined) return { stop: () => Promise.resolve() };
  const [sdkNode, sdkTrace, exporter, amqplib, pg, undici] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/instrumentation-amqplib'),
    import('@opentelemetry/instrumentation-pg'),
    import('@opentelemetry/instrumentation-undici'),
  ]);
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  const sdk = new sdkNode.NodeSDK({
    serviceName,
    resourceDetectors: [],
    spanProcessors: [new sdkTrace.BatchSpanProcessor({ exporter: new exporter.OTLPTraceExporter({ url }) })],
    instrumentations: [
      new amqplib.AmqplibInstrumentation(),
      new pg.PgInstrumentation(),
      new undici.UndiciInstrumentation(),
    ],
  });
  sdk.start();
  running = true;
  return {
    stop: async () => {
      running = false;
      await sdk.shutdown();
    },
  };
};

export interface SpanFacts {
  readonly name: string;
  /** traceparent of whoever asked; null starts a trace. */
  readonly parent: string | null;
  readonly kind: 'server' | 'consumer' | 'internal';
}

/**
 * Runs work inside one span of ours and gives it the traceparent to hand on: of the span when telemetry is on, and
 * otherwise a child of the caller's, so that messages always carry one.
 */
export const inServerSpan = async <T>(facts: SpanFacts, work: (traceparent: string) => Promise<T>): Promise<T> => {
  if (!running) return work(childTraceparent(facts.parent));
  const parent =
    facts.parent === null ? context.active() : propagation.extract(context.active(), { traceparent: facts.parent });
  const span = trace.getTracer('quittance').startSpan(facts.name, { kind: KINDS[facts.kind] }, parent);
  return context.with(trace.setSpan(parent, span), () => endAfter(span, () => work(traceparentOf(span))));
};

const KINDS = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL } as const;

const endAfter = async <T>(span: Span, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
};

const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
};
