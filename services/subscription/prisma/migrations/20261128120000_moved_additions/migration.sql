-- AlterTable
ALTER TABLE "plan_move_rows" ADD COLUMN     "role" TEXT NOT NULL DEFAULT 'plan';

-- What Prisma's schema cannot say.
ALTER TABLE "plan_move_rows" ADD CONSTRAINT "plan_move_rows_role_known" CHECK ("role" IN ('plan', 'addition'));
-- Who has a plan as an addition is found among those who have additions at all.
CREATE INDEX "subscriptions_additions_idx" ON "subscriptions" USING gin ("items" jsonb_path_ops) WHERE jsonb_array_length("items") > 1;
