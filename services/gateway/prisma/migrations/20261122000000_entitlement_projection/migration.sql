CREATE TABLE "entitlement_documents" (
    "account_id" TEXT NOT NULL,
    "product_key" TEXT NOT NULL,
    "revision" BIGINT NOT NULL,
    "document" JSONB,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "entitlement_documents_pkey" PRIMARY KEY ("account_id", "product_key"),
    CONSTRAINT "entitlement_documents_absent_is_revision_0" CHECK (("document" IS NULL) = ("revision" = 0))
);

CREATE TABLE "subscription_beat" (
    "id" INTEGER NOT NULL,
    "beat_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscription_beat_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "subscription_beat_is_one_row" CHECK ("id" = 1)
);

-- Replicas answer from memory, so a change and its announcement must be one: a process that dies between a commit and
-- a notification sent after it would leave the others answering yes for ever. Entitlements change seldom enough for
-- NOTIFY inside the transaction to cost nothing.
CREATE FUNCTION "announce_entitlement"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('entitlements', NEW."account_id" || ' ' || NEW."product_key");
    RETURN NULL;
END $$;

CREATE TRIGGER "entitlement_documents_announce" AFTER INSERT OR UPDATE ON "entitlement_documents"
    FOR EACH ROW EXECUTE FUNCTION "announce_entitlement"();

CREATE FUNCTION "announce_beat"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('subscription_beat', '');
    RETURN NULL;
END $$;

CREATE TRIGGER "subscription_beat_announce" AFTER INSERT OR UPDATE ON "subscription_beat"
    FOR EACH ROW EXECUTE FUNCTION "announce_beat"();
