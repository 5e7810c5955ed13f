import { type Check, compare, countBy, violation } from './check.ts';

interface Uses {
  readonly code: string;
  readonly cap: number | null;
  readonly counted: number;
  readonly claimed: number;
}

/** I8: no more uses than the cap, each counted once, and redemptions = settled invoices that show the coupon. */
export const couponsKeepTheirCap: Check = async (truths) => {
  const [coupons, redeemed, showing] = await Promise.all([
    truths.rows<Uses>('catalog', USES),
    truths.rows<{ invoice: string; code: string }>('catalog', REDEEMED),
    truths.rows<{ invoice: string; text: string }>('invoicing', SHOWING),
  ]);
  const codes = coupons.map(({ code }) => code);
  const shown = showing.flatMap(({ invoice, text }) =>
    codes.filter((code) => text.endsWith(code)).map((code) => `${code} on ${invoice}`),
  );
  return [
    ...coupons.flatMap(({ code, cap, counted, claimed }) => [
      ...(cap !== null && claimed > cap ? [violation('I8', 'doubled', `${code}: ${claimed} uses of ${cap}`)] : []),
      ...(claimed === counted ? [] : [violation('I8', 'unbalanced', `${code}: ${claimed} uses, counted ${counted}`)]),
    ]),
    ...compare(
      'I8 redemption ↔ settled invoice',
      countBy(shown),
      countBy(redeemed.map(({ code, invoice }) => `${code} on ${invoice}`)),
    ),
  ];
};

const USES = `
  SELECT c.code, c.cap_total AS cap, c.claimed AS counted,
    (SELECT count(*)::int FROM coupon_claims k WHERE k.coupon_id = c.id AND k.status <> 'released') AS claimed
  FROM coupons c`;

const REDEEMED = `
  SELECT k.invoice_id AS invoice, c.code FROM coupon_claims k JOIN coupons c ON c.id = k.coupon_id
  WHERE k.status = 'confirmed'`;

/** Paid, or too little to charge and carried on; of a checkout: what a coupon takes off later periods is the same redemption. */
const SHOWING = `
  SELECT DISTINCT i.id AS invoice, l.description AS text FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id
  WHERE (i.status = 'paid' OR i.carried_at IS NOT NULL) AND i.kind = 'checkout' AND l.unit_price_minor < 0`;
