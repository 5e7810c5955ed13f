-- Suspended, a trial and what was cancelled for the end of its period end on their day too.
UPDATE "subscriptions" SET "due_at" = "trial_end", "due_kind" = 'trial_end'
WHERE "status" = 'suspended' AND "renewal_owner" = 'platform' AND "period_kind" = 'trial' AND "trial_end" IS NOT NULL
  AND "due_at" IS NULL;

UPDATE "subscriptions" SET "due_at" = "period_end", "due_kind" = 'cancellation'
WHERE "status" = 'suspended' AND "renewal_owner" = 'platform' AND "period_kind" <> 'trial' AND "cancel_at_period_end"
  AND "period_end" IS NOT NULL AND "renewing_from" IS NULL AND "due_at" IS NULL;
