-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "replaces_id" TEXT;

-- Trials that run already: the free plan of the same place that ended as the trial began
UPDATE "subscriptions" AS t SET "replaces_id" = f."id"
FROM "subscriptions" AS f
WHERE t."status" = 'trialing' AND f."account_id" = t."account_id" AND f."product_id" = t."product_id"
  AND f."status" = 'cancelled' AND f."price_minor" = 0 AND f."cancelled_at" = t."anchor_at";
