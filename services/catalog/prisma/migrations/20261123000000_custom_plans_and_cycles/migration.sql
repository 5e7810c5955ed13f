-- AlterTable
ALTER TABLE "products" ADD COLUMN "proration_basis" TEXT NOT NULL DEFAULT 'actual';

-- AlterTable
ALTER TABLE "plans" ADD COLUMN "account_id" TEXT;

-- AlterTable
ALTER TABLE "plan_versions" ADD COLUMN "trial_days" INTEGER NOT NULL DEFAULT 0;

-- What Prisma's schema cannot say.
ALTER TABLE "products" ADD CONSTRAINT "products_proration_basis_known" CHECK ("proration_basis" IN ('fixed30', 'actual'));
ALTER TABLE "plan_versions" ADD CONSTRAINT "plan_versions_trial_days_range" CHECK ("trial_days" BETWEEN 0 AND 365);
ALTER TABLE "prices" DROP CONSTRAINT "prices_interval_known";
ALTER TABLE "prices" ADD CONSTRAINT "prices_interval_known" CHECK ("interval" ~ '^(month|year|P[1-9][0-9]{0,3}[DWMY])$');
