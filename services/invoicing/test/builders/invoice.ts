import { makeNewId } from '@quittance/kernel';
import { money } from '@quittance/money';
import { builder } from '@quittance/testkit';

import { type CheckoutCollect, draftInvoice, type InvoiceRequest } from '../../src/domain/decide-opening.ts';
import { type Seller } from '../../src/domain/seller.ts';
import { accountOf } from './messages.ts';

const newId = makeNewId(() => Date.parse('2026-03-02T09:00:00Z'));
const NOW = new Date('2026-03-02T09:00:00Z');
const period = { start: NOW, end: new Date('2026-04-02T09:00:00Z') };

export const aSeller = builder((): Seller => ({
  id: 'demo',
  name: 'Quittance Demo SAS',
  address: '1 rue de l’Exemple, 75000 Paris, France',
  country: 'FR',
  taxId: 'FR11123456782',
  timeZone: 'Europe/Paris',
  numberPrefix: 'QT',
  registrations: [{ kind: 'country', country: 'FR' }, { kind: 'eu_oss' }],
}));

export const aRequest = builder((): InvoiceRequest => ({
  kind: 'checkout',
  accountId: accountOf('acc-1'),
  productId: newId('prd'),
  subscriptionId: newId('sub'),
  checkoutId: newId('chk'),
  changeId: null,
  currency: 'EUR',
  period,
  lines: [
    { description: 'Pro, monthly', quantity: 1, unitPrice: money(9900n, 'EUR'), taxBehavior: 'exclusive', period },
  ],
  buyerCountry: 'FR',
  language: null,
  collect: cardCollect(),
  correlationId: 'test',
}));

export const cardCollect = (): CheckoutCollect => ({
  kind: 'checkout',
  rail: 'card',
  returnUrls: { success: 'https://app.example/done', cancel: 'https://app.example/back' },
});

/** A draft as it is really made, at a tax rate of one's choice. */
export const aDraft = (request: Partial<InvoiceRequest> = {}, ratePpm = 200_000) =>
  draftInvoice({
    request: aRequest(request),
    seller: aSeller(),
    buyer: { name: null, address: null, country: 'FR', taxId: null },
    tax: { treatment: 'charged', country: 'FR', ratePpm, reason: 'Because the test says so.' },
    id: newId('inv'),
    now: NOW,
    version: 1,
  });

export const aNumbering = (next = 1n) => ({
  seller: aSeller(),
  series: { sellerId: 'demo', year: 2026, next },
  now: new Date('2026-03-02T09:05:00Z'),
  version: 2,
});
