-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "plan_versions" (
    "plan_version_id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "product_key" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "message_version" BIGINT NOT NULL,
    "document" JSONB NOT NULL,

    CONSTRAINT "plan_versions_pkey" PRIMARY KEY ("plan_version_id")
);

-- CreateTable
CREATE TABLE "subscriptions" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "product_key" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "plan_version_id" TEXT NOT NULL,
    "plan_key" TEXT NOT NULL,
    "plan_name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "price_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "renewal_minor" BIGINT,
    "anchor_at" TIMESTAMPTZ(3),
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "access_until" TIMESTAMPTZ(3),
    "version" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checkouts" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "plan_version_id" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "rail" TEXT,
    "country" TEXT,
    "status" TEXT NOT NULL,
    "invoice_id" TEXT,
    "order_id" TEXT,
    "due_now" JSONB,
    "renews_at" TIMESTAMPTZ(3),
    "pay_url" TEXT,
    "pay_until" TIMESTAMPTZ(3),
    "decline_reason" TEXT,
    "declined_at" TIMESTAMPTZ(3),
    "version" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checkouts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "parked_work" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "parked_work_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "plan_versions_plan_id_message_version_idx" ON "plan_versions"("plan_id", "message_version" DESC);

-- CreateIndex
CREATE INDEX "subscriptions_account_id_id_idx" ON "subscriptions"("account_id", "id" DESC);

-- CreateIndex
CREATE INDEX "subscriptions_updated_at_idx" ON "subscriptions"("updated_at");

-- CreateIndex
CREATE UNIQUE INDEX "checkouts_subscription_id_key" ON "checkouts"("subscription_id");

-- CreateIndex
CREATE INDEX "checkouts_account_id_id_idx" ON "checkouts"("account_id", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "parked_work_code_subject_id_key" ON "parked_work"("code", "subject_id");

-- One subscription holds an account's place for a product; the domain's `isLive` says the same.
CREATE UNIQUE INDEX "subscriptions_one_live_key" ON "subscriptions"("account_id", "product_id")
    WHERE "status" IN ('trialing', 'active', 'past_due', 'paused', 'suspended');

-- One checkout at a time: a newer one supersedes it.
CREATE UNIQUE INDEX "checkouts_one_open_key" ON "checkouts"("account_id", "product_id")
    WHERE "status" IN ('opening', 'open');

ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_price_check" CHECK ("price_minor" >= 0);
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_period_check"
    CHECK (("period_start" IS NULL) = ("period_end" IS NULL) AND ("period_end" IS NULL OR "period_end" > "period_start"));

CREATE INDEX "parked_work_open_idx" ON "parked_work"("since") WHERE "resolved_at" IS NULL;
