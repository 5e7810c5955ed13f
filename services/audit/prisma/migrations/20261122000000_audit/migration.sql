-- CreateTable
CREATE TABLE "audit_records" (
    "id" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "account_id" TEXT,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "result" TEXT NOT NULL,
    "reason" TEXT,
    "count" INTEGER NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "request_id" TEXT,
    "source_ip" TEXT,
    "payload_hash" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_records_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_payloads" (
    "record_id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,

    CONSTRAINT "audit_payloads_pkey" PRIMARY KEY ("record_id")
);

-- CreateTable
CREATE TABLE "audit_seals" (
    "sequence" BIGINT NOT NULL,
    "record_id" TEXT NOT NULL,
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_seals_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "audit_unsealed" (
    "record_id" TEXT NOT NULL,

    CONSTRAINT "audit_unsealed_pkey" PRIMARY KEY ("record_id")
);

-- CreateIndex
CREATE INDEX "audit_records_correlation_id_occurred_at_id_idx" ON "audit_records"("correlation_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "audit_records_subject_id_occurred_at_id_idx" ON "audit_records"("subject_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "audit_records_account_id_occurred_at_id_idx" ON "audit_records"("account_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "audit_records_actor_id_occurred_at_id_idx" ON "audit_records"("actor_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "audit_records_action_occurred_at_id_idx" ON "audit_records"("action", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "audit_records_occurred_at_id_idx" ON "audit_records"("occurred_at", "id");

-- CreateIndex
CREATE INDEX "audit_records_recorded_at_idx" ON "audit_records"("recorded_at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_seals_record_id_key" ON "audit_seals"("record_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_seals_prev_hash_key" ON "audit_seals"("prev_hash");

-- CreateIndex
CREATE UNIQUE INDEX "audit_seals_hash_key" ON "audit_seals"("hash");

-- AddForeignKey
ALTER TABLE "audit_payloads" ADD CONSTRAINT "audit_payloads_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "audit_records"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "audit_records"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "audit_unsealed" ADD CONSTRAINT "audit_unsealed_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "audit_records"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- Who may not: the service's role gets no UPDATE and no DELETE on tables with this comment.
COMMENT ON TABLE "audit_records" IS 'append-only';
COMMENT ON TABLE "audit_seals" IS 'append-only';

-- And who may: an owner is refused too. Whoever switches these off is found by verification.
CREATE TRIGGER "audit_records_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_records"
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();
CREATE TRIGGER "audit_seals_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_seals"
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();
-- A payload may be erased, never changed.
CREATE TRIGGER "audit_payloads_unchanged" BEFORE UPDATE OR TRUNCATE ON "audit_payloads"
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();

ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_sequence_check" CHECK ("sequence" >= 1);
ALTER TABLE "audit_records" ADD CONSTRAINT "audit_records_result_check" CHECK ("result" IN ('succeeded', 'denied', 'failed'));
