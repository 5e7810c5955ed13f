-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "change_charges_at" TIMESTAMPTZ(3);
-- What is scheduled already: a kept period is charged as the change takes effect, a bonus comes before the charge. With
-- tax the new amount is told when the change has taken effect; that of before would be wrong.
UPDATE "subscriptions" AS s SET "renewal_minor" = NULL, "change_charges_at" = CASE c."target"->'effect'->>'kind'
    WHEN 'keep' THEN c."effective_at"
    WHEN 'begin' THEN (c."target"->'effect'->'period'->>'end')::timestamptz
  END
FROM "subscription_changes" AS c
WHERE c."subscription_id" = s."id" AND c."status" = 'scheduled' AND s."due_kind" = 'change';
