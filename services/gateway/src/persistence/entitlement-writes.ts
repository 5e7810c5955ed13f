import { statementWrite } from '@quittance/database';
import { type WallClock } from '@quittance/kernel';

import { type EntitlementWrites } from '../application/index.ts';
import { toStoredDocument } from './stored-document.ts';

/** Every write says itself when it must not win, so that replicas need no order among them. */
export const makeEntitlementWrites = ({ wallClock }: { readonly wallClock: WallClock }): EntitlementWrites => {
  const receivedAt = () => new Date(wallClock.nowMs()).toISOString();
  return {
    keep: (document) =>
      statementWrite({
        text: `INSERT INTO entitlement_documents AS known (account_id, product_key, revision, document, received_at)
           VALUES ($1, $2, $3, $4::jsonb, $5)
           ON CONFLICT (account_id, product_key) DO UPDATE
           SET revision = excluded.revision, document = excluded.document, received_at = excluded.received_at
           WHERE known.revision < excluded.revision`,
        values: [
          document.accountId,
          document.productKey,
          document.revision,
          JSON.stringify(toStoredDocument(document)),
          receivedAt(),
        ],
      }),
    markAbsent: (accountId, productKey) =>
      statementWrite({
        text: `INSERT INTO entitlement_documents (account_id, product_key, revision, document, received_at)
           VALUES ($1, $2, 0, NULL, $3) ON CONFLICT DO NOTHING`,
        values: [accountId, productKey, receivedAt()],
      }),
    noteBeat: (beatAt) =>
      statementWrite({
        text: `INSERT INTO subscription_beat AS known (id, beat_at, received_at) VALUES (1, $1, $2)
           ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at, received_at = excluded.received_at
           WHERE known.beat_at < excluded.beat_at`,
        values: [beatAt.toISOString(), receivedAt()],
      }),
  };
};
