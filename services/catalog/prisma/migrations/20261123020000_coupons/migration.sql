-- CreateTable
CREATE TABLE "coupons" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "discount_kind" TEXT NOT NULL,
    "rate_ppm" INTEGER,
    "amount_minor" BIGINT,
    "currency" TEXT,
    "duration_kind" TEXT NOT NULL,
    "cycles" INTEGER,
    "cap_total" INTEGER,
    "cap_per_account" INTEGER,
    "expires_at" TIMESTAMPTZ(3),
    "plan_ids" TEXT[],
    "currencies" TEXT[],
    "status" TEXT NOT NULL,
    "claimed" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "coupons_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coupon_accounts" (
    "coupon_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "claimed" INTEGER NOT NULL,

    CONSTRAINT "coupon_accounts_pkey" PRIMARY KEY ("coupon_id","account_id")
);

-- CreateTable
CREATE TABLE "coupon_claims" (
    "checkout_id" TEXT NOT NULL,
    "coupon_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reserved_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "invoice_id" TEXT,
    "amount_minor" BIGINT,
    "currency" TEXT,

    CONSTRAINT "coupon_claims_pkey" PRIMARY KEY ("checkout_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "coupons_code_key" ON "coupons"("code");

-- CreateIndex
CREATE INDEX "coupon_claims_coupon_id_checkout_id_idx" ON "coupon_claims"("coupon_id", "checkout_id" DESC);

-- AddForeignKey
ALTER TABLE "coupon_claims" ADD CONSTRAINT "coupon_claims_coupon_id_fkey" FOREIGN KEY ("coupon_id") REFERENCES "coupons"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot say.
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_status_known" CHECK ("status" IN ('active', 'inactive'));
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_discount_shape" CHECK (
    CASE "discount_kind"
        WHEN 'percentage' THEN "rate_ppm" BETWEEN 1 AND 1000000 AND "amount_minor" IS NULL AND "currency" IS NULL
        WHEN 'fixed' THEN "rate_ppm" IS NULL AND "amount_minor" > 0 AND "currency" ~ '^[A-Z]{3}$'
        ELSE false
    END
);
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_duration_shape" CHECK (
    CASE "duration_kind"
        WHEN 'once' THEN "cycles" IS NULL
        WHEN 'forever' THEN "cycles" IS NULL
        WHEN 'cycles' THEN "cycles" > 0
        ELSE false
    END
);
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_claimed_not_negative" CHECK ("claimed" >= 0);
ALTER TABLE "coupon_accounts" ADD CONSTRAINT "coupon_accounts_claimed_not_negative" CHECK ("claimed" >= 0);
ALTER TABLE "coupon_claims" ADD CONSTRAINT "coupon_claims_status_known" CHECK ("status" IN ('reserved', 'confirmed', 'released'));
-- The last word on the cap, whatever a statement forgets to ask.
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_within_cap" CHECK ("cap_total" IS NULL OR "claimed" <= "cap_total");
