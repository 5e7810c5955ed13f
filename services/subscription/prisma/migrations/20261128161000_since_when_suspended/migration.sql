-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "suspended_at" TIMESTAMPTZ(3);

-- It was written last when it was suspended
UPDATE "subscriptions" SET "suspended_at" = "updated_at" WHERE "status" = 'suspended';
