-- CreateTable
CREATE TABLE "coupons" (
    "coupon_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "message_version" BIGINT NOT NULL,
    "document" JSONB NOT NULL,

    CONSTRAINT "coupons_pkey" PRIMARY KEY ("coupon_id")
);

-- CreateTable
CREATE TABLE "coupon_claims" (
    "checkout_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "coupon_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "refusal" TEXT,
    "discount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "terms" JSONB NOT NULL,
    "invoice" JSONB NOT NULL,

    CONSTRAINT "coupon_claims_pkey" PRIMARY KEY ("checkout_id")
);

-- CreateTable
CREATE TABLE "subscription_coupons" (
    "subscription_id" TEXT NOT NULL,
    "coupon_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "discount" JSONB NOT NULL,
    "cycles_left" INTEGER,

    CONSTRAINT "subscription_coupons_pkey" PRIMARY KEY ("subscription_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "coupons_code_key" ON "coupons"("code");

-- What Prisma's schema cannot say.
ALTER TABLE "coupon_claims" ADD CONSTRAINT "coupon_claims_status_known" CHECK ("status" IN ('asked', 'held', 'refused', 'released', 'confirmed'));
ALTER TABLE "coupon_claims" ADD CONSTRAINT "coupon_claims_discount_not_negative" CHECK ("discount_minor" >= 0);
ALTER TABLE "subscription_coupons" ADD CONSTRAINT "subscription_coupons_cycles_positive" CHECK ("cycles_left" > 0);
