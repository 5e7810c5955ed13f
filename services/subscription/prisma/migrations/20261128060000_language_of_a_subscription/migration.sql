-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "language" TEXT;
