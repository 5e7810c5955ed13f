import { STORING_SERVICES, until } from '@quittance/local';

import { type BusHarm, type Scene } from './bus-harm.ts';

/** A relay that is woken has written to its socket long before that. */
const WRITTEN_AFTER_MS = 1_000;
const PATIENTLY = { deadlineMs: 60_000, everyMs: 50 } as const;

/**
 * The broker stands still, what is published waits in the socket of a process that will never read it, and then it is
 * killed: those bytes are gone. Only whoever waited for the confirm knows that they have to be sent again.
 */
export const killedBeforeItConfirms: BusHarm = {
  what: 'the broker killed before it confirms',
  inflict: (scene) => {
    scene.broker.freeze();
    const frozenAt = new Date();
    return Promise.resolve(async () => {
      await until('a message in the socket', () => published(scene, frozenAt), {
        ...PATIENTLY,
        enough: (count) => count > 0,
      });
      await scene.broker.stop();
      await scene.broker.start();
    });
  },
  // Where nothing was published it still stands still.
  mend: ({ broker }) => Promise.resolve(broker.thaw()),
};

/** Committed since then, and told to be sent or old enough to have been written. */
const published = async ({ ground: { truths } }: Scene, since: Date): Promise<number> => {
  const counts = await Promise.all(
    STORING_SERVICES.map((service) =>
      truths.rows<{ count: number }>(service, PUBLISHED, [since.toISOString(), WRITTEN_AFTER_MS]),
    ),
  );
  return counts.reduce((sum, rows) => sum + (rows[0]?.count ?? 0), 0);
};

const PUBLISHED = `
  SELECT count(*)::int AS count FROM platform.outbox
  WHERE created_at >= $1::timestamptz AND (sent_at IS NOT NULL OR created_at <= now() - $2::int * interval '1 ms')`;
