-- AlterTable
ALTER TABLE "checkouts" ADD COLUMN     "failure_code" TEXT,
ADD COLUMN     "failure_message" TEXT;

ALTER TABLE checkouts ADD CONSTRAINT checkouts_failure_check
  CHECK ((failure_code IS NULL) = (failure_message IS NULL));
