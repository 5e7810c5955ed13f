-- What the schema file can say, as Prisma writes it; what only SQL can say follows below.

-- CreateTable
CREATE TABLE "seller_entities" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "tax_id" TEXT,
    "time_zone" TEXT NOT NULL,
    "number_prefix" TEXT NOT NULL,
    "registrations" TEXT[],

    CONSTRAINT "seller_entities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "number_series" (
    "seller_entity_id" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "next" BIGINT NOT NULL,

    CONSTRAINT "number_series_pkey" PRIMARY KEY ("seller_entity_id","year")
);

-- CreateTable
CREATE TABLE "billing_profiles" (
    "account_id" TEXT NOT NULL,
    "name" TEXT,
    "address" TEXT,
    "country" TEXT,
    "vat_id" TEXT,
    "email" TEXT,
    "language" TEXT,
    "currency" TEXT,
    "version" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "billing_profiles_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "invoices" (
    "id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "number" TEXT,
    "kind" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "checkout_id" TEXT,
    "change_id" TEXT,
    "currency" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "subtotal_minor" BIGINT NOT NULL,
    "tax_minor" BIGINT NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "seller_entity_id" TEXT NOT NULL,
    "seller_name" TEXT NOT NULL,
    "seller_address" TEXT NOT NULL,
    "seller_country" TEXT NOT NULL,
    "seller_tax_id" TEXT,
    "buyer_name" TEXT,
    "buyer_address" TEXT,
    "buyer_country" TEXT NOT NULL,
    "buyer_tax_id" TEXT,
    "correlation_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "issued_at" TIMESTAMPTZ(3),
    "paid_at" TIMESTAMPTZ(3),
    "voided_at" TIMESTAMPTZ(3),
    "version" BIGINT NOT NULL,

    CONSTRAINT "invoices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_lines" (
    "invoice_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_price_minor" BIGINT NOT NULL,
    "net_minor" BIGINT NOT NULL,
    "tax_minor" BIGINT NOT NULL,
    "gross_minor" BIGINT NOT NULL,
    "tax_rate_ppm" INTEGER NOT NULL,
    "tax_reason" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),

    CONSTRAINT "invoice_lines_pkey" PRIMARY KEY ("invoice_id","position")
);

-- CreateTable
CREATE TABLE "collection_orders" (
    "id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "rail" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "collection_orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payments" (
    "id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "rail" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_reference" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "method_kind" TEXT,
    "method_brand" TEXT,
    "method_last4" TEXT,
    "applied_to" TEXT NOT NULL,
    "captured_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "correlation_id" TEXT NOT NULL,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "journal_entries" (
    "id" TEXT NOT NULL,
    "fact_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "invoice_id" TEXT,
    "payment_id" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "correlation_id" TEXT NOT NULL,

    CONSTRAINT "journal_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "journal_postings" (
    "entry_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "ledger" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "journal_postings_pkey" PRIMARY KEY ("entry_id","position")
);

-- CreateIndex
CREATE INDEX "invoices_account_id_id_idx" ON "invoices"("account_id", "id" DESC);

-- CreateIndex
CREATE INDEX "invoices_checkout_id_idx" ON "invoices"("checkout_id");

-- CreateIndex
CREATE INDEX "invoices_version_idx" ON "invoices"("version");

-- CreateIndex
CREATE UNIQUE INDEX "invoices_seller_entity_id_number_key" ON "invoices"("seller_entity_id", "number");

-- CreateIndex
CREATE INDEX "collection_orders_invoice_id_idx" ON "collection_orders"("invoice_id");

-- CreateIndex
CREATE INDEX "payments_account_id_id_idx" ON "payments"("account_id", "id" DESC);

-- CreateIndex
CREATE INDEX "payments_invoice_id_idx" ON "payments"("invoice_id");

-- CreateIndex
CREATE INDEX "payments_order_id_idx" ON "payments"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "payments_provider_provider_reference_key" ON "payments"("provider", "provider_reference");

-- CreateIndex
CREATE UNIQUE INDEX "journal_entries_fact_key_key" ON "journal_entries"("fact_key");

-- CreateIndex
CREATE INDEX "journal_entries_account_id_id_idx" ON "journal_entries"("account_id", "id" DESC);

-- CreateIndex
CREATE INDEX "journal_postings_account_id_ledger_currency_idx" ON "journal_postings"("account_id", "ledger", "currency");

-- AddForeignKey
ALTER TABLE "number_series" ADD CONSTRAINT "number_series_seller_entity_id_fkey" FOREIGN KEY ("seller_entity_id") REFERENCES "seller_entities"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_seller_entity_id_fkey" FOREIGN KEY ("seller_entity_id") REFERENCES "seller_entities"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "collection_orders" ADD CONSTRAINT "collection_orders_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "payments" ADD CONSTRAINT "payments_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "collection_orders"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "payments" ADD CONSTRAINT "payments_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "journal_postings" ADD CONSTRAINT "journal_postings_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "journal_entries"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- One invoice per purpose: retries and replays cannot bill the same thing twice. A void one bills nothing.
CREATE UNIQUE INDEX invoices_purpose_key ON invoices (subscription_id, period_start, kind, change_id)
  NULLS NOT DISTINCT WHERE status <> 'void';

ALTER TABLE invoices
  ADD CONSTRAINT invoices_status_check CHECK (status IN ('draft', 'issued', 'paid', 'void')),
  ADD CONSTRAINT invoices_kind_check CHECK (kind IN ('checkout', 'renewal', 'plan_change')),
  ADD CONSTRAINT invoices_total_check CHECK (total_minor = subtotal_minor + tax_minor AND total_minor >= 0),
  -- A number is burnt by issuing and by nothing else, or the series has gaps.
  ADD CONSTRAINT invoices_number_check CHECK (
    (number IS NULL) = (issued_at IS NULL)
    AND (status <> 'draft' OR number IS NULL)
    AND (status NOT IN ('issued', 'paid') OR number IS NOT NULL)),
  ADD CONSTRAINT invoices_paid_check CHECK ((status = 'paid') = (paid_at IS NOT NULL)),
  ADD CONSTRAINT invoices_voided_check CHECK ((status = 'void') = (voided_at IS NOT NULL));

ALTER TABLE invoice_lines ADD CONSTRAINT invoice_lines_gross_check CHECK (gross_minor = net_minor + tax_minor);

ALTER TABLE number_series ADD CONSTRAINT number_series_next_check CHECK (next >= 1);

ALTER TABLE collection_orders
  ADD CONSTRAINT collection_orders_status_check CHECK (status IN ('open', 'paid', 'expired', 'failed', 'closed')),
  ADD CONSTRAINT collection_orders_amount_check CHECK (amount_minor > 0);
-- Two open orders for one invoice are how somebody pays twice.
CREATE UNIQUE INDEX collection_orders_open_key ON collection_orders (invoice_id) WHERE status = 'open';

ALTER TABLE payments
  ADD CONSTRAINT payments_applied_to_check CHECK (applied_to IN ('invoice', 'balance')),
  ADD CONSTRAINT payments_amount_check CHECK (amount_minor > 0);
-- One payment settles an invoice and its order; any other money for them is the customer's balance.
CREATE UNIQUE INDEX payments_settles_invoice_key ON payments (invoice_id) WHERE applied_to = 'invoice';
CREATE UNIQUE INDEX payments_settles_order_key ON payments (order_id) WHERE applied_to = 'invoice';
CREATE INDEX payments_on_balance_idx ON payments (id) WHERE applied_to = 'balance';

-- The money journal ---------------------------------------------------------------------------------------------------

ALTER TABLE journal_postings
  ADD CONSTRAINT journal_postings_ledger_check
    CHECK (ledger IN ('receivable', 'balance', 'revenue', 'tax', 'clearing')),
  ADD CONSTRAINT journal_postings_side_check CHECK (side IN ('debit', 'credit')),
  ADD CONSTRAINT journal_postings_amount_check CHECK (amount_minor > 0);

COMMENT ON TABLE journal_entries IS 'append-only';
COMMENT ON TABLE journal_postings IS 'append-only';
CREATE TRIGGER journal_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();
CREATE TRIGGER journal_postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_postings
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();

-- Checked when the transaction commits, because an entry is balanced only once all its postings are there.
CREATE FUNCTION refuse_unbalanced_entry(checked_entry_id text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM journal_postings WHERE entry_id = checked_entry_id)
    OR EXISTS (
      SELECT FROM journal_postings WHERE entry_id = checked_entry_id
      GROUP BY currency
      HAVING sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END) <> 0)
  THEN
    RAISE EXCEPTION 'journal entry % does not balance', checked_entry_id USING ERRCODE = 'check_violation';
  END IF;
END;
$$;

CREATE FUNCTION check_entry_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse_unbalanced_entry(NEW.id);
  RETURN NULL;
END;
$$;

CREATE FUNCTION check_posting_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse_unbalanced_entry(NEW.entry_id);
  RETURN NULL;
END;
$$;

CREATE CONSTRAINT TRIGGER journal_entries_balance AFTER INSERT ON journal_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_entry_balance();
CREATE CONSTRAINT TRIGGER journal_postings_balance AFTER INSERT ON journal_postings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_posting_balance();
