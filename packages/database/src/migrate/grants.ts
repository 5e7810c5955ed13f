import { type Secret } from '@quittance/kernel';
import { type Client } from 'pg';

import { quote } from './admin-client.ts';

/** A login that owns nothing and may create nothing. Sets the password again each time: it is configuration. */
export const ensureRole = async (admin: Client, role: string, password: Secret): Promise<void> => {
  const found = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = found.rowCount === 0 ? 'CREATE' : 'ALTER';
  const rights = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION';
  await admin.query(`${verb} ROLE ${quote.name(role)} ${rights} PASSWORD ${quote.text(password.reveal())}`);
};

/**
 * Makes the role's rights inside the database exactly these: SELECT, INSERT, UPDATE and DELETE on tables; SELECT and
 * INSERT where a table's comment is 'append-only'; use of schemas and sequences. PUBLIC keeps no schema.
 */
export const grantObjects = async (client: Client, role: string): Promise<void> => {
  const found = await client.query<{ statement: string }>(STATEMENTS, [role]);
  await client.query(['BEGIN', ...found.rows.map((row) => row.statement), 'COMMIT'].join(';\n'));
};

/** The only way in: the role may connect, PUBLIC may not. Also opens a database that was fenced. */
export const openTo = (admin: Client, database: string, role: string): Promise<unknown> =>
  admin.query(`GRANT CONNECT ON DATABASE ${quote.name(database)} TO ${quote.name(role)}`);

/** Nobody but administrators may connect any more; sessions that are there stay. */
export const closeTo = (admin: Client, database: string, role: string): Promise<unknown> =>
  admin.query(`REVOKE ALL ON DATABASE ${quote.name(database)} FROM PUBLIC, ${quote.name(role)}`);

const STATEMENTS = `
WITH schemas AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), tables AS (
  SELECT format('%I.%I', s.nspname, c.relname) AS name, c.relkind, obj_description(c.oid, 'pg_class') AS comment
  FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relname <> '_prisma_migrations' AND NOT c.relispartition
)
SELECT format('REVOKE ALL ON SCHEMA %I FROM PUBLIC, %I', nspname, $1::text) AS statement, 1 AS step FROM schemas
UNION ALL
SELECT format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM PUBLIC, %I', nspname, $1::text), 1 FROM schemas
UNION ALL
SELECT format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM PUBLIC, %I', nspname, $1::text), 1 FROM schemas
UNION ALL
SELECT format('GRANT USAGE ON SCHEMA %I TO %I', nspname, $1::text), 2 FROM schemas
UNION ALL
SELECT format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', nspname, $1::text), 2 FROM schemas
UNION ALL
SELECT format('GRANT %s ON TABLE %s TO %I',
  CASE WHEN relkind IN ('v', 'm') THEN 'SELECT' WHEN comment = 'append-only' THEN 'SELECT, INSERT'
    ELSE 'SELECT, INSERT, UPDATE, DELETE' END, name, $1::text), 3 FROM tables
ORDER BY 2, 1`;
