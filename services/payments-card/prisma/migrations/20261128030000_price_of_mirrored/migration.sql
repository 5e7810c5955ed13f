-- By which price a mirrored subscription is renewed, and whether that price says which plan it is for.
ALTER TABLE "mirrored_subscriptions" ADD COLUMN "price_reference" TEXT, ADD COLUMN "plan_from" TEXT;
