-- AlterTable
ALTER TABLE "products" ADD COLUMN "version" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "plans" ADD COLUMN "draft" JSONB,
ALTER COLUMN "current_version_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "meters" (
    "product_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "unit" TEXT NOT NULL,
    "aggregation" TEXT NOT NULL,
    "translations" JSONB NOT NULL,

    CONSTRAINT "meters_pkey" PRIMARY KEY ("product_id","key")
);

-- AddForeignKey
ALTER TABLE "meters" ADD CONSTRAINT "meters_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot say.
ALTER TABLE "meters" ADD CONSTRAINT "meters_aggregation_known" CHECK ("aggregation" IN ('sum', 'max', 'last'));
ALTER TABLE "plans" DROP CONSTRAINT "plans_status_known";
ALTER TABLE "plans" ADD CONSTRAINT "plans_status_known" CHECK ("status" IN ('draft', 'published', 'retired'));
-- A draft is on sale nowhere, and whatever is or was on sale has its version.
ALTER TABLE "plans" ADD CONSTRAINT "plans_version_unless_draft" CHECK (("status" = 'draft') = ("current_version_id" IS NULL));
ALTER TABLE "plans" ADD CONSTRAINT "plans_draft_has_document" CHECK ("status" <> 'draft' OR "draft" IS NOT NULL);
