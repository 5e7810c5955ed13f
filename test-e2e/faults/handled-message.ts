import { allMessages, Envelope } from '@quittance/contracts';
import { STORING_SERVICES, type StoringService } from '@quittance/local';

import { type FaultGround } from './fault-ground.ts';

/** The types of message that this service is sent. */
export const typesFor = (service: StoringService): readonly string[] =>
  allMessages.filter(({ consumers }) => consumers.includes(service)).map(({ type }) => type);

/** A message that this service has handled, from the outbox of whoever sent it. */
export const handledBefore = async (
  { truths }: Pick<FaultGround, 'truths'>,
  service: StoringService,
): Promise<Envelope> => {
  for (const producer of STORING_SERVICES) {
    const rows = await truths.rows<{ envelope: unknown }>(
      producer,
      `SELECT envelope FROM platform.outbox WHERE type = ANY ($1::text[]) AND sent_at IS NOT NULL
       ORDER BY envelope->'data' ? 'accountId' DESC, position LIMIT 1`,
      [typesFor(service)],
    );
    if (rows[0] !== undefined) return Envelope.parse(rows[0].envelope);
  }
  throw new Error(`Nobody has sent ${service} anything yet.`);
};
