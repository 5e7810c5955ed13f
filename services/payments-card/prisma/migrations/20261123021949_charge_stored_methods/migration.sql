-- DropIndex
DROP INDEX "stored_methods_account_id_idx";

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "charge_attempt" INTEGER,
ADD COLUMN     "charge_key" TEXT;

-- CreateTable
CREATE TABLE "provider_customers" (
    "account_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "customer_reference" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "provider_customers_pkey" PRIMARY KEY ("account_id","provider")
);

-- CreateIndex
CREATE UNIQUE INDEX "orders_charge_key_key" ON "orders"("charge_key");

-- CreateIndex
CREATE INDEX "stored_methods_account_id_created_at_idx" ON "stored_methods"("account_id", "created_at");

ALTER TABLE "orders" DROP CONSTRAINT "orders_state_known";
ALTER TABLE "orders" ADD CONSTRAINT "orders_state_known" CHECK ("state" IN ('opening', 'charging', 'open', 'closing', 'confirming', 'completed', 'failed', 'expired'));
ALTER TABLE "orders" ADD CONSTRAINT "orders_charge_whole" CHECK (("charge_key" IS NULL) = ("charge_attempt" IS NULL));
ALTER TABLE "orders" ADD CONSTRAINT "orders_charging_has_key" CHECK ("state" <> 'charging' OR "charge_key" IS NOT NULL);

-- The first customer that was kept of each account goes on being its customer.
INSERT INTO "provider_customers" ("account_id", "provider", "customer_reference", "created_at")
SELECT DISTINCT ON ("account_id", "provider") "account_id", "provider", "customer_reference", "created_at"
FROM "stored_methods" ORDER BY "account_id", "provider", "created_at", "id";
