-- Where the browser goes after a checkout: who asks with another address asks for another checkout.
ALTER TABLE "checkouts" ADD COLUMN "success_url" TEXT, ADD COLUMN "cancel_url" TEXT;
