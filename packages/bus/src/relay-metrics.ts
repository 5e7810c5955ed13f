import { type Metrics } from '@quittance/runtime';

export interface RelayMetrics {
  /** Rows found unsent, at most one batch; also keeps the time since the outbox was last empty. */
  pending(rows: number): void;
  published(counts: { readonly confirmed: number; readonly failed: number }): void;
}

export const makeRelayMetrics = (metrics: Metrics): RelayMetrics => {
  const published = metrics.counter({
    name: 'bus_published_total',
    help: 'Messages handed to the broker, by result.',
    labels: ['result'],
  });
  const pending = metrics.gauge({ name: 'outbox_pending', help: 'Unsent rows in the last batch read.' });
  const lag = metrics.gauge({ name: 'outbox_lag_seconds', help: 'How long the outbox has not been empty.' });
  let busySinceMs: number | null = null;
  return {
    pending: (rows) => {
      if (rows === 0) busySinceMs = null;
      else busySinceMs ??= performance.now();
      pending.set(rows);
      lag.set(busySinceMs === null ? 0 : (performance.now() - busySinceMs) / 1_000);
    },
    published: ({ confirmed, failed }) => {
      published.inc({ result: 'confirmed' }, confirmed);
      published.inc({ result: 'failed' }, failed);
    },
  };
};
