CREATE TABLE "legacy_links" (
    "source" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "report_version" BIGINT NOT NULL,
    "fingerprint" TEXT,

    CONSTRAINT "legacy_links_pkey" PRIMARY KEY ("source", "reference")
);
CREATE INDEX "legacy_links_subscription_id_idx" ON "legacy_links"("subscription_id");

-- Of a subscription whose owner nobody knows, that is what waits for a person.
ALTER TABLE "parked_work" ALTER COLUMN "account_id" DROP NOT NULL;
