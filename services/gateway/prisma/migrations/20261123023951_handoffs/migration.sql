-- CreateTable
CREATE TABLE "handoffs" (
    "id" TEXT NOT NULL,
    "code_hash" TEXT,
    "session_hash" TEXT,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "account_id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "country" TEXT,
    "language" TEXT,
    "success_url" TEXT NOT NULL,
    "cancel_url" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "handoffs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "handoffs_is_link_or_session" CHECK (("code_hash" IS NULL) <> ("session_hash" IS NULL))
);

-- CreateIndex
CREATE UNIQUE INDEX "handoffs_code_hash_key" ON "handoffs"("code_hash");

-- CreateIndex
CREATE UNIQUE INDEX "handoffs_session_hash_key" ON "handoffs"("session_hash");

-- CreateIndex
CREATE INDEX "handoffs_ends_at_idx" ON "handoffs"("ends_at");
