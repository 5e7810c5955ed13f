/** Everything the sandbox remembers. Idempotent, so that start-up is also the migration. */
export const SCHEMA_SQL = `
CREATE TABLE IF NOT EXISTS stripe_objects (
  id text PRIMARY KEY,
  kind text NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  created bigint NOT NULL,
  body jsonb NOT NULL,
  hidden jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS stripe_objects_kind ON stripe_objects (kind, sequence DESC);
CREATE INDEX IF NOT EXISTS stripe_objects_intent ON stripe_objects ((body->>'payment_intent')) WHERE body->>'payment_intent' IS NOT NULL;
CREATE INDEX IF NOT EXISTS stripe_objects_customer ON stripe_objects ((body->>'customer')) WHERE body->>'customer' IS NOT NULL;
CREATE INDEX IF NOT EXISTS stripe_open_sessions ON stripe_objects (((body->>'expires_at')::bigint))
  WHERE kind = 'checkout.session' AND body->>'status' = 'open';

CREATE TABLE IF NOT EXISTS stripe_idempotency (
  key text PRIMARY KEY,
  fingerprint text NOT NULL,
  status integer NOT NULL,
  body jsonb NOT NULL,
  request_id text NOT NULL,
  stored_at timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS stripe_deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL,
  state text NOT NULL DEFAULT 'pending',
  attempts integer NOT NULL DEFAULT 0,
  queued_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  last_status integer,
  last_error text
);
CREATE INDEX IF NOT EXISTS stripe_deliveries_due ON stripe_deliveries (due_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS stripe_deliveries_event ON stripe_deliveries (event_id);

CREATE TABLE IF NOT EXISTS stripe_faults (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pattern text NOT NULL,
  kind text NOT NULL,
  times integer NOT NULL,
  ms integer NOT NULL
);

CREATE TABLE IF NOT EXISTS sandbox_settings (name text PRIMARY KEY, value jsonb NOT NULL);

CREATE TABLE IF NOT EXISTS authgate_keys (
  kid text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  jwk jsonb NOT NULL
);
CREATE TABLE IF NOT EXISTS authgate_people (
  subject text PRIMARY KEY,
  name text NOT NULL,
  account text,
  roles jsonb NOT NULL,
  admin boolean NOT NULL
);
CREATE TABLE IF NOT EXISTS authgate_payloads (
  model text NOT NULL,
  id text NOT NULL,
  payload jsonb NOT NULL,
  grant_id text,
  uid text,
  user_code text,
  expires_at timestamptz,
  PRIMARY KEY (model, id)
);
CREATE INDEX IF NOT EXISTS authgate_payloads_uid ON authgate_payloads (uid) WHERE uid IS NOT NULL;
CREATE INDEX IF NOT EXISTS authgate_payloads_grant ON authgate_payloads (grant_id) WHERE grant_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS superadmin_admins (subject text PRIMARY KEY, name text NOT NULL, roles jsonb NOT NULL);
`;

/** What `reset` empties; signing keys stay, so that tokens people hold keep working. */
export const RESET_SQL = `
TRUNCATE stripe_objects, stripe_idempotency, stripe_deliveries, stripe_faults, authgate_payloads, superadmin_admins;
DELETE FROM sandbox_settings WHERE name = 'webhook-behaviour';
`;
