-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "country" TEXT;
