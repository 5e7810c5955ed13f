-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "renewal_coupon" JSONB;

-- What is left of a coupon already
UPDATE "subscriptions" AS s SET "renewal_coupon" = jsonb_build_object('code', c."code", 'discount', c."discount")
FROM "subscription_coupons" AS c WHERE c."subscription_id" = s."id";
