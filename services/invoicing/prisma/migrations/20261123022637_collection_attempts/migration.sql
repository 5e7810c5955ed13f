-- AlterTable
ALTER TABLE "collection_orders" ADD COLUMN     "attempt" INTEGER;

-- CreateIndex
CREATE UNIQUE INDEX "collection_orders_invoice_id_attempt_key" ON "collection_orders"("invoice_id", "attempt");
ALTER TABLE "collection_orders" ADD CONSTRAINT "collection_orders_attempt_check" CHECK ("attempt" >= 1);
