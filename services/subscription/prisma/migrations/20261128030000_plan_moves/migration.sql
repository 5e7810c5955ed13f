-- CreateTable
CREATE TABLE "plan_moves" (
    "id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "plan_key" TEXT NOT NULL,
    "to_version_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "requested_by" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "plan_moves_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_move_rows" (
    "move_id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "subscription_version" BIGINT NOT NULL,
    "from_version_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "price_before_minor" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "effective_at" TIMESTAMPTZ(3),
    "price_after_minor" BIGINT,
    "charge_before_minor" BIGINT,
    "charge_after_minor" BIGINT,
    "with_tax" BOOLEAN NOT NULL,
    "refusal_code" TEXT,
    "refusal_message" TEXT,
    "change_id" TEXT,
    "claimed_until" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "plan_move_rows_pkey" PRIMARY KEY ("move_id","subscription_id")
);

-- CreateIndex
CREATE INDEX "plan_moves_plan_id_id_idx" ON "plan_moves"("plan_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "plan_move_rows" ADD CONSTRAINT "plan_move_rows_move_id_fkey" FOREIGN KEY ("move_id") REFERENCES "plan_moves"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateIndex
CREATE INDEX "subscriptions_plan_id_id_idx" ON "subscriptions"("plan_id", "id");

-- What Prisma's schema cannot say.
ALTER TABLE "plan_moves" ADD CONSTRAINT "plan_moves_status_known" CHECK ("status" IN ('previewed', 'running', 'done'));
ALTER TABLE "plan_moves" ADD CONSTRAINT "plan_moves_started_by_somebody"
    CHECK (("status" = 'previewed') = ("started_at" IS NULL) AND ("started_at" IS NULL) = ("requested_by" IS NULL));
ALTER TABLE "plan_move_rows" ADD CONSTRAINT "plan_move_rows_status_known" CHECK ("status" IN ('planned', 'moved', 'not_moved'));
ALTER TABLE "plan_move_rows" ADD CONSTRAINT "plan_move_rows_says_why"
    CHECK (("status" = 'not_moved') = ("refusal_code" IS NOT NULL) AND ("status" = 'moved') = ("change_id" IS NOT NULL));
-- What is running is found without the history of all that ever ran.
CREATE INDEX "plan_moves_running_idx" ON "plan_moves"("id") WHERE "status" = 'running';
CREATE INDEX "plan_move_rows_planned_idx" ON "plan_move_rows"("move_id", "subscription_id") WHERE "status" = 'planned';
