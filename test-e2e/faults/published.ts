import { STORING_SERVICES, type StoringService } from '@quittance/local';

import { type FaultGround } from './fault-ground.ts';
import { typesFor } from './handled-message.ts';

/** A relay that is woken has written to its socket long before that. */
const WRITTEN_AFTER_MS = 1_000;

/**
 * Messages committed since then, to `consumer` or (null) to anybody, that are told to be sent or old enough to have been
 * written to the broker. It counts them also where a publisher believes that they have arrived.
 */
export const published = async (
  { truths }: Pick<FaultGround, 'truths'>,
  since: Date,
  consumer: StoringService | null,
): Promise<number> => {
  const types = consumer === null ? null : typesFor(consumer);
  const counts = await Promise.all(
    STORING_SERVICES.map((service) =>
      truths.rows<{ count: number }>(service, PUBLISHED, [since.toISOString(), WRITTEN_AFTER_MS, types]),
    ),
  );
  return counts.reduce((sum, rows) => sum + (rows[0]?.count ?? 0), 0);
};

const PUBLISHED = `
  SELECT count(*)::int AS count FROM platform.outbox
  WHERE created_at >= $1::timestamptz AND (sent_at IS NOT NULL OR created_at <= now() - $2::int * interval '1 ms')
    AND ($3::text[] IS NULL OR type = ANY ($3::text[]))`;
