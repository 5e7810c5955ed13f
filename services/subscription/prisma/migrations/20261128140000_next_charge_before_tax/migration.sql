-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "renewal_price_minor" BIGINT;
