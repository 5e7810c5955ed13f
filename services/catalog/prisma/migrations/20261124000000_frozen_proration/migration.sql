-- AlterTable
ALTER TABLE "plan_versions" ADD COLUMN "proration_basis" TEXT;

-- AlterTable
ALTER TABLE "coupons" ADD COLUMN "updated_at" TIMESTAMPTZ(3);

-- What Prisma's schema cannot say.
ALTER TABLE "plan_versions" ADD CONSTRAINT "plan_versions_proration_basis_known" CHECK ("proration_basis" IN ('fixed30', 'actual'));
-- What was promised so far is written down once: those versions were sold with the basis their product has now.
ALTER TABLE "plan_versions" DISABLE TRIGGER "plan_versions_immutable";
UPDATE "plan_versions" AS v SET "proration_basis" = p."proration_basis"
    FROM "plans" AS l JOIN "products" AS p ON p."id" = l."product_id" WHERE l."id" = v."plan_id";
ALTER TABLE "plan_versions" ENABLE TRIGGER "plan_versions_immutable";
UPDATE "coupons" SET "updated_at" = GREATEST("created_at", to_timestamp("version" / 1000.0));
