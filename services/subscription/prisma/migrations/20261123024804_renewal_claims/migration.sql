-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "claimed_until" TIMESTAMPTZ(3);
