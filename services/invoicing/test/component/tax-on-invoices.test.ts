import { expect } from 'chai';

import { accountOf, anOpenInvoice } from '../builders/messages.ts';
import { type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

describe('invoicing: tax on invoices', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
    await invoicing.rows(
      `INSERT INTO billing_profiles (account_id, name, country, vat_id, version, updated_at) VALUES
        ('acc-berlin', 'Beispiel GmbH', 'DE', 'DE136695976', 1, '2026-01-01'),
        ('acc-typo', 'Beispiel GmbH', 'DE', 'DE136695977', 1, '2026-01-01')`,
    );
  });
  after(() => invoicing.stop());

  const lineOf = async (invoiceId: string) => {
    const [line] = await invoicing.rows(
      `SELECT net_minor::int AS net, tax_minor::int AS tax, gross_minor::int AS gross, tax_rate_ppm AS ppm, tax_reason AS reason
        FROM invoice_lines WHERE invoice_id = $1`,
      invoiceId,
    );
    return line;
  };

  it('takes an EU business in another member state at its word once its VAT id checks out', async () => {
    const { order } = await invoicing.openInvoice({ accountId: accountOf('acc-berlin'), buyerCountry: null });

    expect(await lineOf(order.invoiceId)).to.deep.equal({
      net: 9900,
      tax: 0,
      gross: 9900,
      ppm: 0,
      reason: 'Reverse charge: VAT id DE136695976 is of another EU member state (DE) than the seller’s (FR).',
    });
  });

  it('charges the buyer’s rate when the VAT id does not check out', async () => {
    const { order } = await invoicing.openInvoice({ accountId: accountOf('acc-typo'), buyerCountry: null });

    // 99.00 × 19 % = 18.81
    expect(await lineOf(order.invoiceId)).to.deep.equal({
      net: 9900,
      tax: 1881,
      gross: 11781,
      ppm: 190_000,
      reason:
        'Standard rate of DE, 19 %: the seller is registered in the EU one-stop shop. VAT id DE136695977 is not valid.',
    });
  });

  it('takes tax out of an inclusive price', async () => {
    const lines = anOpenInvoice().lines.map((line) => ({ ...line, taxBehavior: 'inclusive' as const }));

    const { order } = await invoicing.openInvoice({ accountId: accountOf('acc-inclusive'), lines });

    // 99.00 ÷ 1.2 = 82.50
    expect(await lineOf(order.invoiceId)).to.deep.include({ net: 8250, tax: 1650, gross: 9900 });
  });

  it('taxes a buyer in Monaco as one in France, and says on the invoice where they are', async () => {
    const buyer = { accountId: accountOf('acc-monaco'), buyerCountry: 'MC', language: 'fr' };
    const { order } = await invoicing.openInvoice(buyer);
    const [invoice] = await invoicing.rows(
      'SELECT buyer_country AS country FROM invoices WHERE id = $1',
      order.invoiceId,
    );

    // 99.00 × 20 % = 19.80
    expect(await lineOf(order.invoiceId)).to.deep.equal({
      net: 9900,
      tax: 1980,
      gross: 11880,
      ppm: 200_000,
      reason: 'Taux normal de FR, 20 % : le vendeur y est enregistré (FR). Pour la taxe, MC relève de FR.',
    });
    expect(invoice).to.deep.equal({ country: 'MC' });
  });

  it('remembers where a buyer said they are, for the next invoice', async () => {
    await invoicing.openInvoice({ accountId: accountOf('acc-madrid'), buyerCountry: 'ES' });
    const { order } = await invoicing.openInvoice({ accountId: accountOf('acc-madrid'), buyerCountry: null });

    expect(await lineOf(order.invoiceId)).to.deep.include({ ppm: 210_000 });
  });
});
