import { type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider';

import { type SandboxDatabase } from '../database.ts';

/** Sessions, codes and refresh tokens in PostgreSQL: they outlive a key rotation and a kill. */
export const makeOidcAdapter =
  (database: SandboxDatabase): AdapterFactory =>
  (model): Adapter => {
    const findBy = async (column: 'id' | 'uid' | 'user_code', value: string): Promise<AdapterPayload | undefined> => {
      const rows = await database.query<{ payload: AdapterPayload }>(
        `SELECT payload FROM authgate_payloads WHERE model = $1 AND ${column} = $2 AND (expires_at IS NULL OR expires_at > $3)`,
        [model, value, new Date()],
      );
      return rows[0]?.payload;
    };
    return {
      upsert: async (id, payload, expiresIn) => {
        const expiresAt = expiresIn === undefined ? null : new Date(Date.now() + expiresIn * 1000);
        await database.query(
          `INSERT INTO authgate_payloads (model, id, payload, grant_id, uid, user_code, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
             user_code = excluded.user_code, expires_at = excluded.expires_at`,
          [
            model,
            id,
            JSON.stringify(payload),
            payload.grantId ?? null,
            payload.uid ?? null,
            payload.userCode ?? null,
            expiresAt,
          ],
        );
      },
      find: (id) => findBy('id', id),
      findByUid: (uid) => findBy('uid', uid),
      findByUserCode: (code) => findBy('user_code', code),
      consume: async (id) => {
        await database.query(
          `UPDATE authgate_payloads SET payload = jsonb_set(payload, '{consumed}', to_jsonb($3::bigint)) WHERE model = $1 AND id = $2`,
          [model, id, Math.floor(Date.now() / 1000)],
        );
      },
      destroy: async (id) => {
        await database.query('DELETE FROM authgate_payloads WHERE model = $1 AND id = $2', [model, id]);
      },
      revokeByGrantId: async (grantId) => {
        await database.query('DELETE FROM authgate_payloads WHERE model = $1 AND grant_id = $2', [model, grantId]);
      },
    };
  };
