CREATE TABLE "mirrored_subscriptions" (
    "provider" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "account_id" TEXT,
    "product_key" TEXT,
    "plan_key" TEXT,
    "interval" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_price_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "anchor_at" TIMESTAMPTZ(3) NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "cancel_at_period_end" BOOLEAN NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "version" BIGINT NOT NULL,

    CONSTRAINT "mirrored_subscriptions_pkey" PRIMARY KEY ("provider", "reference"),
    CONSTRAINT "mirrored_subscriptions_shape" CHECK ("quantity" >= 1 AND "unit_price_minor" >= 0 AND "period_start" < "period_end")
);
CREATE INDEX "mirrored_subscriptions_version_idx" ON "mirrored_subscriptions"("version");
