-- DropIndex
DROP INDEX "checkouts_subscription_id_key";

-- AlterTable
ALTER TABLE "checkouts" ADD COLUMN     "change_id" TEXT;

-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "cancel_at_period_end" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "cancelled_at" TIMESTAMPTZ(3),
ADD COLUMN     "due_at" TIMESTAMPTZ(3),
ADD COLUMN     "due_kind" TEXT,
ADD COLUMN     "items" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "paused_at" TIMESTAMPTZ(3),
ADD COLUMN     "renewal_owner" TEXT NOT NULL DEFAULT 'platform',
ADD COLUMN     "resumes_at" TIMESTAMPTZ(3),
ADD COLUMN     "trial_end" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "subscription_changes" (
    "id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "checkout_id" TEXT,
    "target" JSONB NOT NULL,
    "charge_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "bonus_days" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT,
    "version" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "subscription_changes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "subscription_changes_subscription_id_id_idx" ON "subscription_changes"("subscription_id", "id" DESC);

-- CreateIndex
CREATE INDEX "subscription_changes_account_id_created_at_idx" ON "subscription_changes"("account_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "subscription_changes_checkout_id_idx" ON "subscription_changes"("checkout_id");

-- CreateIndex
CREATE INDEX "checkouts_subscription_id_idx" ON "checkouts"("subscription_id");

-- What was bought before is one item; what a plan says of its tax stands in its published price.
UPDATE "subscriptions" AS s SET
    "items" = jsonb_build_array(jsonb_build_object(
        'key', s."plan_key", 'planId', s."plan_id", 'planVersionId', s."plan_version_id", 'name', s."plan_name",
        'quantity', 1, 'unitPriceMinor', s."price_minor"::text,
        'taxBehavior', COALESCE((
            SELECT price->>'taxBehavior' FROM "plan_versions" AS p, jsonb_array_elements(p."document"->'prices') AS price
            WHERE p."plan_version_id" = s."plan_version_id" AND price->>'interval' = s."interval"
                AND price->'amount'->>'currency' = s."currency" LIMIT 1), 'exclusive'))),
    "due_at" = CASE WHEN s."status" = 'active' THEN s."period_end" END,
    "due_kind" = CASE WHEN s."status" = 'active' AND s."period_end" IS NOT NULL THEN 'renewal' END;

ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_due_check" CHECK (("due_at" IS NULL) = ("due_kind" IS NULL));
ALTER TABLE "subscription_changes" ADD CONSTRAINT "subscription_changes_charge_check" CHECK ("charge_minor" >= 0);

-- What a due loop claims, in order; rows that nothing waits for are not in it.
CREATE INDEX "subscriptions_due_idx" ON "subscriptions"("due_at", "id") WHERE "due_at" IS NOT NULL;

-- A trial is had once per account and product, whatever became of it.
CREATE UNIQUE INDEX "subscriptions_one_trial_key" ON "subscriptions"("account_id", "product_id")
    WHERE "trial_end" IS NOT NULL;

-- At most one change waits for its payment, and at most one for its day.
CREATE UNIQUE INDEX "subscription_changes_one_open_key" ON "subscription_changes"("subscription_id", "status")
    WHERE "status" IN ('awaiting_payment', 'scheduled');

-- The once-a-year bonus is looked up by account.
CREATE INDEX "subscription_changes_bonus_idx" ON "subscription_changes"("account_id", "effective_at")
    WHERE "bonus_days" > 0;
