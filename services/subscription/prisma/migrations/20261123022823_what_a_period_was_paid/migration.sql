-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "period_kind" TEXT NOT NULL DEFAULT 'paid',
ADD COLUMN     "period_paid_minor" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "tax_rate_ppm" INTEGER;

-- CreateTable
CREATE TABLE "feature_counts" (
    "account_id" TEXT NOT NULL,
    "product_key" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feature_counts_pkey" PRIMARY KEY ("account_id","product_key","feature")
);

-- Until now every period was bought at its list price.
UPDATE "subscriptions" SET "period_paid_minor" = "price_minor" WHERE "period_start" IS NOT NULL AND "status" <> 'draft';

ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_period_paid_check" CHECK ("period_paid_minor" >= 0);
ALTER TABLE "feature_counts" ADD CONSTRAINT "feature_counts_count_check" CHECK ("count" >= 0);
