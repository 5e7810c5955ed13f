-- The tables every service has beside its own. They are no part of schema.prisma: only packages/database reads them.
CREATE SCHEMA platform;

CREATE TABLE platform.outbox (
  position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id text NOT NULL,
  type       text NOT NULL,
  subject    text NOT NULL,
  envelope   jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  sent_at    timestamptz(3)
);
-- A command's id is derived from its intent: asked for twice, it is sent once.
CREATE UNIQUE INDEX outbox_message_id_key ON platform.outbox (message_id);
CREATE INDEX outbox_unsent_idx ON platform.outbox (position) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent_idx ON platform.outbox (sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE platform.inbox (
  consumer   text NOT NULL,
  message_id text NOT NULL,
  handled_at timestamptz(3) NOT NULL,
  CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id)
);
CREATE INDEX inbox_handled_at_idx ON platform.inbox (handled_at);

CREATE TABLE platform.idempotency_keys (
  scope         text PRIMARY KEY,
  body_hash     text NOT NULL,
  reserved_ulid text NOT NULL,
  lease_until   timestamptz(3) NOT NULL,
  -- json, not jsonb: the same answer again means the same order of fields too.
  answer        json,
  created_at    timestamptz(3) NOT NULL
);
CREATE INDEX idempotency_keys_created_at_idx ON platform.idempotency_keys (created_at);

CREATE TABLE platform.dead_letters (
  id          text PRIMARY KEY,
  message_id  text NOT NULL,
  type        text NOT NULL,
  body        text NOT NULL,
  attempts    integer NOT NULL,
  reason      text NOT NULL,
  died_at     timestamptz(3) NOT NULL,
  replayed_at timestamptz(3),
  CONSTRAINT dead_letters_message_id_attempts_key UNIQUE (message_id, attempts)
);
CREATE INDEX dead_letters_waiting_idx ON platform.dead_letters (died_at, id) WHERE replayed_at IS NULL;

CREATE TABLE platform.migration_log (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  actor      text NOT NULL,
  migrations text[] NOT NULL,
  snapshot   text,
  result     text NOT NULL CHECK (result IN ('succeeded', 'restored')),
  detail     text,
  at         timestamptz(3) NOT NULL
);
COMMENT ON TABLE platform.migration_log IS 'append-only';

CREATE FUNCTION platform.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is refused: its rows are append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END;
$$;

CREATE TRIGGER migration_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.migration_log
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();
