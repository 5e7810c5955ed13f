-- AlterTable
ALTER TABLE "invoices" ADD COLUMN     "carried_at" TIMESTAMPTZ(3),
ADD COLUMN     "carried_to_id" TEXT;

-- AlterTable
ALTER TABLE "invoice_lines" ADD COLUMN     "carried_from_id" TEXT;

-- CreateIndex
CREATE INDEX "invoices_carried_to_id_idx" ON "invoices"("carried_to_id");

-- AddForeignKey
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_carried_to_id_fkey" FOREIGN KEY ("carried_to_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_carried_from_id_fkey" FOREIGN KEY ("carried_from_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- Every invoice that is made asks for what its account carries.
CREATE INDEX invoices_carried_idx ON invoices (account_id) WHERE status = 'carried' AND carried_to_id IS NULL;

-- The former checks with one more status and ledger: what the previous release writes passes as before.
ALTER TABLE invoices
  DROP CONSTRAINT invoices_status_check,
  DROP CONSTRAINT invoices_number_check,
  ADD CONSTRAINT invoices_status_check CHECK (status IN ('draft', 'issued', 'carried', 'paid', 'void')),
  ADD CONSTRAINT invoices_number_check CHECK (
    (number IS NULL) = (issued_at IS NULL)
    AND (status <> 'draft' OR number IS NULL)
    AND (status NOT IN ('issued', 'carried', 'paid') OR number IS NOT NULL)),
  -- Only a carried invoice is taken over, and it is paid only with the one that took it.
  ADD CONSTRAINT invoices_carried_check CHECK (
    (status <> 'carried' OR carried_at IS NOT NULL)
    AND (carried_at IS NULL OR status IN ('carried', 'paid'))
    AND (carried_to_id IS NULL OR carried_at IS NOT NULL)
    AND (status <> 'paid' OR carried_at IS NULL OR carried_to_id IS NOT NULL));

ALTER TABLE journal_postings
  DROP CONSTRAINT journal_postings_ledger_check,
  ADD CONSTRAINT journal_postings_ledger_check
    CHECK (ledger IN ('receivable', 'carried', 'balance', 'revenue', 'tax', 'clearing'));
