-- AlterTable
ALTER TABLE "coupon_claims" ADD COLUMN     "plan_ids" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "subscription_coupons" ADD COLUMN     "plan_ids" JSONB NOT NULL DEFAULT '[]';

-- What was taken already keeps the limits that its coupon was issued with
UPDATE "coupon_claims" AS t SET "plan_ids" = c."document" -> 'planIds' FROM "coupons" AS c WHERE c."coupon_id" = t."coupon_id";
UPDATE "subscription_coupons" AS t SET "plan_ids" = c."document" -> 'planIds' FROM "coupons" AS c WHERE c."coupon_id" = t."coupon_id";
