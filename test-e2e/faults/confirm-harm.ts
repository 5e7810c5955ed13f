import { until } from '@quittance/local';

import { type BusHarm } from './bus-harm.ts';
import { published } from './published.ts';

const PATIENTLY = { deadlineMs: 60_000, everyMs: 50 } as const;

/**
 * The broker stands still, what is published waits in the socket of a process that will never read it, and then it is
 * killed: those bytes are gone. Only whoever waited for an answer of the broker, the confirm or that the queues are
 * there, knows that they have to be sent again.
 */
export const killedBeforeItConfirms: BusHarm = {
  what: 'the broker killed before it confirms',
  inflict: ({ ground, broker }) => {
    broker.freeze();
    const frozenAt = new Date();
    return Promise.resolve(async () => {
      await until('a message in the socket', () => published(ground, frozenAt, null), {
        ...PATIENTLY,
        enough: (count) => count > 0,
      });
      await broker.stop();
      await broker.start();
    });
  },
  // Where nothing was published it still stands still.
  mend: ({ broker }) => Promise.resolve(broker.thaw()),
};
