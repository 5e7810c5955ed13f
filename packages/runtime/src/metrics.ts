import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricFacts<Label extends string> {
  /** Without the `quittance_` that is put before it; seconds and totals named as Prometheus does. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** One service's metrics, each labelled with its name. */
export interface Metrics {
  counter<Label extends string = never>(facts: MetricFacts<Label>): Counter<Label>;
  gauge<Label extends string = never>(facts: MetricFacts<Label>): Gauge<Label>;
  histogram<Label extends string = never>(
    facts: MetricFacts<Label>,
    bucketsSeconds?: readonly number[],
  ): Histogram<Label>;
  /** Everything in the Prometheus text format. */
  expose(): Promise<string>;
}

const BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry of its own per service, because several services may share a process. */
export const makeMetrics = (service: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const optionsOf = <Label extends string>(facts: MetricFacts<Label>) => ({
    name: `quittance_${facts.name}`,
    help: facts.help,
    labelNames: [...(facts.labels ?? [])],
    registers: [registry],
  });
  return {
    counter: (facts) => new Counter(optionsOf(facts)),
    gauge: (facts) => new Gauge(optionsOf(facts)),
    histogram: (facts, buckets = BUCKETS_SECONDS) => new Histogram({ ...optionsOf(facts), buckets: [...buckets] }),
    expose: () => registry.metrics(),
  };
};
