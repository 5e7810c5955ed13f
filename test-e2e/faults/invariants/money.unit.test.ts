import { expect } from 'chai';

import { type Books, type Truths } from '../truths.ts';
import { fakeTruths, rowsOf } from './fake-truths.ts';
import { chargesMatchPayments, nobodyPaysTwice } from './money.ts';

type Charge = Books['charges'][number];

const charge = (facts: Partial<Charge> = {}): Charge => ({
  id: 'ch_1',
  amount: 1_200,
  amountRefunded: 0,
  currency: 'usd',
  captured: true,
  status: 'succeeded',
  paymentIntent: 'pi_1',
  metadata: { order: 'ord_1' },
  ...facts,
});

interface World {
  readonly charges?: readonly Charge[];
  /** What the rail and the books say was paid, and what the journal says lies at the provider. */
  readonly sums?: Partial<Record<'rail' | 'books' | 'clearing', readonly [reference: string, amount: number][]>>;
  readonly invoice?: { readonly status: string; readonly total: number };
  /** Of the invoice's customer, booked with a payment for it. */
  readonly onBalance?: number;
  readonly attention?: readonly string[];
}

/** Books that agree but for what the case says; each question is known by a word of its own. */
const truthsOf = ({ charges = [charge()], sums = {}, invoice, onBalance = 0, attention = [] }: World): Truths => {
  const asSums = (rows: readonly [string, number][] = [['pi_1', 1_200]]) =>
    rows.map(([reference, amount]) => ({ reference, amount: String(amount), currency: 'USD' }));
  const rows = rowsOf({
    'payments-card provider_reference': asSums(sums.rail),
    'invoicing pay.provider_reference': asSums(sums.clearing),
    'invoicing provider_reference': asSums(sums.books),
    'invoicing total_minor': invoice === undefined ? [] : [{ id: 'inv_1', currency: 'USD', ...texts(invoice) }],
    "invoicing applied_to = 'balance'": onBalance === 0 ? [] : [{ id: 'pay_2' }],
    "invoicing ledger = 'balance'":
      onBalance === 0 ? [] : [{ invoice: 'inv_1', currency: 'USD', amount: String(onBalance) }],
    'payments-card invoice_id': [{ id: 'ord_1', invoice: 'inv_1' }],
  });
  return fakeTruths({
    books: () => Promise.resolve({ charges: [...charges], sessions: [], events: [] }),
    rows,
    attention: () => Promise.resolve(attention),
  });
};

const texts = ({ status, total }: { readonly status: string; readonly total: number }) => ({
  status,
  total: String(total),
});

const harmsOf = async (found: ReturnType<typeof nobodyPaysTwice>): Promise<readonly string[]> =>
  (await found).map(({ invariant, harm }) => `${invariant} ${harm}`);

describe('chargesMatchPayments', () => {
  const CASES: readonly (readonly [what: string, world: World, harms: readonly string[]])[] = [
    ['finds nothing where all four say 12.00 USD', {}, []],
    ['finds a charge nobody booked', { sums: { books: [] } }, ['I2 charge ↔ payment in the books lost']],
    [
      'finds a payment of another amount, as one that is missing and one too many',
      { sums: { rail: [['pi_1', 1_199]] } },
      ['I2 charge ↔ payment at the rail lost', 'I2 charge ↔ payment at the rail doubled'],
    ],
    [
      'finds a second posting for one charge',
      {
        sums: {
          clearing: [
            ['pi_1', 1_200],
            ['pi_1', 1_200],
          ],
        },
      },
      ['I2 charge ↔ clearing posting doubled'],
    ],
    ['takes no charge for one that was declined', { charges: [charge(), charge({ status: 'failed' })] }, []],
  ];

  for (const [what, world, harms] of CASES) {
    it(what, async () => {
      expect(await harmsOf(chargesMatchPayments(truthsOf(world)))).to.deep.equal(harms);
    });
  }
});

describe('nobodyPaysTwice', () => {
  const PAID = { status: 'paid', total: 1_200 };
  const second = charge({ id: 'ch_2', paymentIntent: 'pi_2' });
  const CASES: readonly (readonly [what: string, world: World, harms: readonly string[]])[] = [
    ['finds nothing where 12.00 of 12.00 was taken', { invoice: PAID }, []],
    ['finds a second charge: 24.00 of 12.00', { invoice: PAID, charges: [charge(), second] }, ['I3 doubled']],
    [
      'is content when the excess is on the balance and somebody is told: 24.00 − 12.00 = 12.00',
      { invoice: PAID, charges: [charge(), second], onBalance: 1_200, attention: ['pay_2'] },
      [],
    ],
    [
      'finds an excess that nobody is told of',
      { invoice: PAID, charges: [charge(), second], onBalance: 1_200 },
      ['I3 lost'],
    ],
    [
      'finds an excess that is a minor unit short on the balance',
      { invoice: PAID, charges: [charge(), second], onBalance: 1_199, attention: ['pay_2'] },
      ['I3 doubled'],
    ],
    [
      'finds money on the balance that nobody paid too much',
      { invoice: PAID, onBalance: 1, attention: ['pay_2'] },
      ['I3 unbalanced'],
    ],
    ['finds a paid invoice that nobody paid', { invoice: PAID, charges: [] }, ['I3 unbalanced']],
    ['finds an invoice that was paid and does not know', { invoice: { ...PAID, status: 'issued' } }, ['I3 lost']],
    ['waits for no money for an issued invoice', { invoice: { ...PAID, status: 'issued' }, charges: [] }, []],
    ['finds money for a void invoice', { invoice: { ...PAID, status: 'void' } }, ['I3 doubled']],
    [
      'is content when it went back: 12.00 − 12.00 of nothing owed',
      { invoice: { ...PAID, status: 'void' }, charges: [charge({ amountRefunded: 1_200 })] },
      [],
    ],
    ['finds a charge for no invoice at all', {}, ['I3 lost']],
  ];

  for (const [what, world, harms] of CASES) {
    it(what, async () => {
      expect(await harmsOf(nobodyPaysTwice(truthsOf(world)))).to.deep.equal(harms);
    });
  }
});
