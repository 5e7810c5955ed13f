-- CreateTable
CREATE TABLE "catalog_state" (
    "id" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,

    CONSTRAINT "catalog_state_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "products" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "products_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product_translations" (
    "product_id" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,

    CONSTRAINT "product_translations_pkey" PRIMARY KEY ("product_id","language")
);

-- CreateTable
CREATE TABLE "editions" (
    "id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "editions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plans" (
    "id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "edition_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "current_version_id" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_versions" (
    "id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "self_serve" BOOLEAN NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_translations" (
    "plan_version_id" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "call_to_action" TEXT NOT NULL,
    "labels" JSONB NOT NULL,

    CONSTRAINT "plan_translations_pkey" PRIMARY KEY ("plan_version_id","language")
);

-- CreateTable
CREATE TABLE "prices" (
    "id" TEXT NOT NULL,
    "plan_version_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "region" TEXT,
    "amount_minor" BIGINT NOT NULL,
    "tax_behavior" TEXT NOT NULL,
    "converted" BOOLEAN NOT NULL,

    CONSTRAINT "prices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entitlements" (
    "plan_version_id" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "enabled" BOOLEAN,
    "limit" INTEGER,
    "level" TEXT,

    CONSTRAINT "entitlements_pkey" PRIMARY KEY ("plan_version_id","feature")
);

-- CreateTable
CREATE TABLE "items" (
    "plan_version_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "icon" TEXT NOT NULL,
    "models" TEXT[],
    "quota" INTEGER NOT NULL,
    "reset" TEXT NOT NULL,
    "overage" TEXT NOT NULL,
    "translations" JSONB NOT NULL,

    CONSTRAINT "items_pkey" PRIMARY KEY ("plan_version_id","key")
);

-- CreateTable
CREATE TABLE "exchange_rates" (
    "base" TEXT NOT NULL,
    "quote" TEXT NOT NULL,
    "rate" DECIMAL(20,8) NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "exchange_rates_pkey" PRIMARY KEY ("base","quote")
);

-- CreateIndex
CREATE UNIQUE INDEX "products_key_key" ON "products"("key");

-- CreateIndex
CREATE UNIQUE INDEX "editions_product_id_key_key" ON "editions"("product_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "plans_product_id_key_key" ON "plans"("product_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "plan_versions_plan_id_number_key" ON "plan_versions"("plan_id", "number");

-- CreateIndex
CREATE INDEX "prices_plan_version_id_idx" ON "prices"("plan_version_id");

-- AddForeignKey
ALTER TABLE "product_translations" ADD CONSTRAINT "product_translations_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "editions" ADD CONSTRAINT "editions_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plans" ADD CONSTRAINT "plans_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plans" ADD CONSTRAINT "plans_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "editions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_versions" ADD CONSTRAINT "plan_versions_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plans"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_translations" ADD CONSTRAINT "plan_translations_plan_version_id_fkey" FOREIGN KEY ("plan_version_id") REFERENCES "plan_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prices" ADD CONSTRAINT "prices_plan_version_id_fkey" FOREIGN KEY ("plan_version_id") REFERENCES "plan_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entitlements" ADD CONSTRAINT "entitlements_plan_version_id_fkey" FOREIGN KEY ("plan_version_id") REFERENCES "plan_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "items" ADD CONSTRAINT "items_plan_version_id_fkey" FOREIGN KEY ("plan_version_id") REFERENCES "plan_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

INSERT INTO "catalog_state" ("id", "revision") VALUES (1, 0);

-- What Prisma's schema cannot say.
ALTER TABLE "catalog_state" ADD CONSTRAINT "catalog_state_single" CHECK ("id" = 1);
ALTER TABLE "plans" ADD CONSTRAINT "plans_status_known" CHECK ("status" IN ('published', 'retired'));
ALTER TABLE "plan_versions" ADD CONSTRAINT "plan_versions_number_positive" CHECK ("number" > 0);
ALTER TABLE "prices" ADD CONSTRAINT "prices_amount_not_negative" CHECK ("amount_minor" >= 0);
ALTER TABLE "prices" ADD CONSTRAINT "prices_currency_iso" CHECK ("currency" ~ '^[A-Z]{3}$');
ALTER TABLE "prices" ADD CONSTRAINT "prices_interval_known" CHECK ("interval" IN ('month', 'year'));
ALTER TABLE "prices" ADD CONSTRAINT "prices_tax_behavior_known" CHECK ("tax_behavior" IN ('exclusive', 'inclusive'));
ALTER TABLE "prices" ADD CONSTRAINT "prices_region_iso" CHECK ("region" ~ '^[A-Z]{2}$');
CREATE UNIQUE INDEX "prices_one_each" ON "prices" ("plan_version_id", "currency", "interval", "region") NULLS NOT DISTINCT;
ALTER TABLE "entitlements" ADD CONSTRAINT "entitlements_shape" CHECK (
    CASE "kind"
        WHEN 'switch' THEN "enabled" IS NOT NULL AND "limit" IS NULL AND "level" IS NULL
        WHEN 'limit' THEN "enabled" IS NULL AND "limit" >= 0 AND "level" IS NULL
        WHEN 'unlimited' THEN "enabled" IS NULL AND "limit" IS NULL AND "level" IS NULL
        WHEN 'level' THEN "enabled" IS NULL AND "limit" IS NULL AND "level" IS NOT NULL
        ELSE false
    END
);
ALTER TABLE "items" ADD CONSTRAINT "items_quota_range" CHECK ("quota" >= -1);
ALTER TABLE "items" ADD CONSTRAINT "items_reset_known" CHECK ("reset" IN ('day', 'week', 'month'));
ALTER TABLE "items" ADD CONSTRAINT "items_overage_known" CHECK ("overage" IN ('block', 'charge', 'warn'));
ALTER TABLE "exchange_rates" ADD CONSTRAINT "exchange_rates_positive" CHECK ("rate" > 0);

-- A published version is what somebody bought: it never changes. The service's role has no right to; the trigger stops
-- the owner too.
CREATE FUNCTION "refuse_version_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are immutable: publish a new version', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

COMMENT ON TABLE "plan_versions" IS 'append-only';
CREATE TRIGGER "plan_versions_immutable" BEFORE UPDATE OR DELETE ON "plan_versions" FOR EACH ROW EXECUTE FUNCTION "refuse_version_change"();

COMMENT ON TABLE "plan_translations" IS 'append-only';
CREATE TRIGGER "plan_translations_immutable" BEFORE UPDATE OR DELETE ON "plan_translations" FOR EACH ROW EXECUTE FUNCTION "refuse_version_change"();

COMMENT ON TABLE "prices" IS 'append-only';
CREATE TRIGGER "prices_immutable" BEFORE UPDATE OR DELETE ON "prices" FOR EACH ROW EXECUTE FUNCTION "refuse_version_change"();

COMMENT ON TABLE "entitlements" IS 'append-only';
CREATE TRIGGER "entitlements_immutable" BEFORE UPDATE OR DELETE ON "entitlements" FOR EACH ROW EXECUTE FUNCTION "refuse_version_change"();

COMMENT ON TABLE "items" IS 'append-only';
CREATE TRIGGER "items_immutable" BEFORE UPDATE OR DELETE ON "items" FOR EACH ROW EXECUTE FUNCTION "refuse_version_change"();
