-- A trial is had once per account and product here; how many Stripe gives is not ours to say, only to follow.
DROP INDEX "subscriptions_one_trial_key";
CREATE UNIQUE INDEX "subscriptions_one_trial_key" ON "subscriptions"("account_id", "product_id")
    WHERE "trial_end" IS NOT NULL AND "renewal_owner" = 'platform';
