-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "suspended_by" TEXT;

-- Until now only operators suspended, and Stripe's reports of what is unpaid
UPDATE "subscriptions" SET "suspended_by" = CASE "renewal_owner" WHEN 'stripe' THEN 'balance' ELSE 'operator' END
WHERE "status" = 'suspended';
