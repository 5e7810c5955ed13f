-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "renewing_from" TIMESTAMPTZ(3);

-- What is being collected already; what came from an earlier platform unpaid has no invoice here
UPDATE "subscriptions" AS s SET "renewing_from" = s."period_end"
WHERE s."renewal_owner" = 'platform' AND s."period_end" IS NOT NULL
  AND (s."status" = 'past_due' OR (s."status" = 'active' AND s."due_at" IS NULL))
  AND NOT (s."status" = 'past_due' AND EXISTS (SELECT FROM "legacy_links" AS l WHERE l."subscription_id" = s."id"));
