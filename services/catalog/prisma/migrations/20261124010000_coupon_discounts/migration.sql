-- CreateTable
CREATE TABLE "coupon_discounts" (
    "coupon_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "paid_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "coupon_discounts_pkey" PRIMARY KEY ("coupon_id","invoice_id")
);

-- AddForeignKey
ALTER TABLE "coupon_discounts" ADD CONSTRAINT "coupon_discounts_coupon_id_fkey" FOREIGN KEY ("coupon_id") REFERENCES "coupons"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot say.
ALTER TABLE "coupon_discounts" ADD CONSTRAINT "coupon_discounts_amount_positive" CHECK ("amount_minor" > 0);
ALTER TABLE "coupon_discounts" ADD CONSTRAINT "coupon_discounts_currency_iso" CHECK ("currency" ~ '^[A-Z]{3}$');
