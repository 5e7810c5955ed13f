CREATE TABLE "orders" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "checkout_id" TEXT,
    "correlation_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "open_request" JSONB NOT NULL,
    "provider_reference" TEXT,
    "pay_url" TEXT,
    "pay_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "first_sent_at" TIMESTAMPTZ(3),
    "unknown_since" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3),
    "parked_code" TEXT,
    "parked_message" TEXT,
    "parked_since" TIMESTAMPTZ(3),

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "orders_state_known" CHECK ("state" IN ('opening', 'open', 'closing', 'confirming', 'completed', 'failed', 'expired')),
    CONSTRAINT "orders_amount_positive" CHECK ("amount_minor" > 0),
    CONSTRAINT "orders_currency_iso" CHECK ("currency" ~ '^[A-Z]{3}$')
);

CREATE TABLE "order_attempts" (
    "order_id" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_attempts_pkey" PRIMARY KEY ("order_id", "reference"),
    CONSTRAINT "order_attempts_outcome_known" CHECK ("outcome" IN ('succeeded', 'declined', 'pending', 'unknown'))
);

CREATE TABLE "payments" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_reference" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "method_kind" TEXT,
    "method_brand" TEXT,
    "method_last4" TEXT,
    "captured_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "payments_amount_positive" CHECK ("amount_minor" > 0),
    CONSTRAINT "payments_last4_is_four_digits" CHECK ("method_last4" IS NULL OR "method_last4" ~ '^[0-9]{4}$')
);

CREATE TABLE "stored_methods" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "customer_reference" TEXT NOT NULL,
    "method_reference" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "brand" TEXT,
    "last4" TEXT,
    "order_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stored_methods_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "stored_methods_last4_is_four_digits" CHECK ("last4" IS NULL OR "last4" ~ '^[0-9]{4}$')
);

CREATE TABLE "provider_events" (
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "order_id" TEXT,
    "payment_reference" TEXT,
    "payload" BYTEA NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),

    CONSTRAINT "provider_events_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "provider_events_state_known" CHECK ("state" IN ('received', 'processed', 'ignored'))
);

CREATE UNIQUE INDEX "orders_provider_reference_key" ON "orders"("provider_reference");
CREATE INDEX "orders_account_id_id_idx" ON "orders"("account_id", "id");
CREATE INDEX "orders_invoice_id_idx" ON "orders"("invoice_id");
-- The claim and the attention list read only the few rows that are alive.
CREATE INDEX "orders_due" ON "orders"("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "orders_parked" ON "orders"("parked_since") WHERE "parked_since" IS NOT NULL;
CREATE INDEX "orders_unknown" ON "orders"("unknown_since") WHERE "unknown_since" IS NOT NULL;

CREATE UNIQUE INDEX "payments_order_id_key" ON "payments"("order_id");
CREATE UNIQUE INDEX "payments_provider_provider_reference_key" ON "payments"("provider", "provider_reference");
ALTER TABLE "payments" ADD CONSTRAINT "payments_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "order_attempts" ADD CONSTRAINT "order_attempts_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE UNIQUE INDEX "stored_methods_provider_method_reference_key" ON "stored_methods"("provider", "method_reference");
CREATE INDEX "stored_methods_account_id_idx" ON "stored_methods"("account_id");

CREATE INDEX "provider_events_order_id_idx" ON "provider_events"("order_id");
CREATE INDEX "provider_events_due" ON "provider_events"("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "provider_events_failing" ON "provider_events"("received_at") WHERE "state" = 'received' AND "attempts" >= 5;

-- What was captured or tried stays as it was written, whoever asks.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "payments_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "payments" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "order_attempts_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "order_attempts" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
COMMENT ON TABLE "payments" IS 'append-only';
COMMENT ON TABLE "order_attempts" IS 'append-only';
