-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "period_counted_from" TIMESTAMPTZ(3);

-- What was paid to go up in the running period was added as it was paid; now it counts as if for the whole of it
UPDATE "subscriptions" AS s SET "period_paid_minor" = s."period_paid_minor" + u."minor"
FROM (
  SELECT c."subscription_id", sum(
    (SELECT sum((item->>'quantity')::bigint * (item->>'unitPriceMinor')::bigint) FROM jsonb_array_elements(c."target"->'items') AS item)
    - (c."target"->'basedOn'->'price'->>'amountMinor')::bigint - c."charge_minor"
  )::bigint AS "minor"
  FROM "subscription_changes" AS c JOIN "subscriptions" AS o ON o."id" = c."subscription_id"
  WHERE c."kind" = 'upgrade' AND c."status" = 'applied' AND c."charge_minor" > 0
    AND c."target"->'effect'->>'kind' = 'keep' AND c."settled_at" >= o."period_start"
  GROUP BY c."subscription_id"
) AS u
WHERE u."subscription_id" = s."id" AND s."period_kind" = 'paid' AND u."minor" > 0;

-- A period that is longer than its cycle (month ends apart) and ends where the next ones are counted from stood still for
-- as long, unless a change gave it that length, or it came from an earlier platform like that
WITH p AS (
  SELECT "id", ("period_start" AT TIME ZONE 'UTC' + CASE "interval"
    WHEN 'month' THEN INTERVAL '1 month' WHEN 'year' THEN INTERVAL '1 year' ELSE "interval"::interval END) AT TIME ZONE 'UTC' AS "cycle_end"
  FROM "subscriptions" WHERE "period_kind" = 'paid' AND "anchor_at" = "period_end"
)
UPDATE "subscriptions" AS s SET "period_counted_from" = s."period_start" + (s."period_end" - p."cycle_end") FROM p
WHERE p."id" = s."id" AND s."period_end" > p."cycle_end" + INTERVAL '3 days'
  AND NOT EXISTS (
    SELECT FROM "subscription_changes" AS c
    WHERE c."subscription_id" = s."id" AND c."status" = 'applied' AND c."target"->'effect'->>'kind' = 'begin'
      AND (c."target"->'effect'->'period'->>'start')::timestamptz = s."period_start"
      AND (c."target"->'effect'->'period'->>'end')::timestamptz > p."cycle_end" + INTERVAL '3 days'
  )
  AND NOT (s."tax_rate_ppm" IS NULL AND EXISTS (SELECT FROM "legacy_links" AS l WHERE l."subscription_id" = s."id"));

-- Several cycles at once of an earlier platform were paid at once; a month has 30 days here, so that what is within a few
-- days of a whole number is that number
WITH p AS (
  SELECT "id", extract(epoch FROM "period_end" - "period_start") / extract(epoch FROM CASE "interval"
    WHEN 'month' THEN INTERVAL '30 days' WHEN 'year' THEN INTERVAL '360 days' ELSE "interval"::interval END) AS "cycles"
  FROM "subscriptions" WHERE "period_kind" = 'paid' AND "period_paid_minor" > 0 AND "tax_rate_ppm" IS NULL
)
UPDATE "subscriptions" AS s SET "period_paid_minor" = round(s."price_minor" *
  CASE WHEN abs(p."cycles" - round(p."cycles")) < 0.04 * p."cycles" THEN round(p."cycles") ELSE p."cycles" END)::bigint
FROM p
WHERE p."id" = s."id" AND p."cycles" > 1.1
  AND EXISTS (SELECT FROM "legacy_links" AS l WHERE l."subscription_id" = s."id");
