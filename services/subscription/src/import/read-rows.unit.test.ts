import { isDomainError } from '@quittance/kernel';
import { expect } from 'chai';

import { type ReadLine, readRows } from './read-rows.ts';

const GOOD = {
  legacy_id: 'old-1',
  account: 'acc_1',
  product: 'automation',
  plan: 'pro',
  interval: 'month',
  price: '19.90',
  currency: 'USD',
  started_at: '2024-01-31',
};

const csv = (rows: readonly Readonly<Record<string, string>>[], delimiter = ','): string => {
  const names = Object.keys(rows[0] ?? {});
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    .map((fields) => fields.join(delimiter))
    .join('\n');
};
const answers = (rows: readonly ReadLine[]) =>
  rows.map((row) => `${row.line} ${row.legacyId}: ${'problem' in row ? row.problem : 'read'}`);
const problemOf = (record: unknown): string => {
  const [row] = readRows(JSON.stringify([record]), 'json');
  return row !== undefined && 'problem' in row ? row.problem : 'read';
};
const pricesOf = (rows: readonly ReadLine[]) =>
  rows.map((row) => ('read' in row ? row.read.row.unitPrice.amountMinor : row.problem));
const refusalOf = (text: string, kind: 'csv' | 'json'): string => {
  try {
    return answers(readRows(text, kind)).join('\n');
  } catch (error) {
    return isDomainError(error) ? error.message : 'not a DomainError';
  }
};

describe('readRows', () => {
  it('answers one line per record, whatever is wrong with it', () => {
    const text = [
      Object.keys(GOOD).join(','),
      'old-1,acc_1,automation,pro,month,19.90,USD,2024-01-31',
      'old-2,acc_2,automation,"pro,month,19.90,USD,2024-01-31',
      'old-3,acc_3,automation,pro,month',
      '',
      'old-4,acc_4,automation,pro,month,19.90,USD,2024-01-31,more',
      'old-5,acc_5,auto"mation,pro,month,19.90,USD,2024-01-31',
      'old-6,acc_6,automation,pro,month,19.90,USD,2024-01-31',
    ].join('\r\n');

    const [first, unclosed, short, long, quoted, last, ...more] = answers(readRows(text, 'csv'));
    expect([first, last, more]).to.deep.equal(['2 old-1: read', '8 old-6: read', []]);
    expect(unclosed).to.match(/^3 \?: it is no line of CSV: Quote Not Closed/);
    expect(short).to.equal('4 ?: it has 5 fields, and the header has 8');
    expect(long).to.equal('6 ?: it has 9 fields, and the header has 8');
    expect(quoted).to.match(/^7 \?: it is no line of CSV: /);
  });

  it('answers so for JSON too', () => {
    const rows = [GOOD, null, 7, [], 'old-1', { legacy_id: 'old-2' }, { ...GOOD, legacy_id: 'old-3' }];

    const told = answers(readRows(JSON.stringify(rows), 'json'));
    expect(told).to.have.length(rows.length);
    expect([told[0], told[6]]).to.deep.equal(['1 old-1: read', '7 old-3: read']);
    expect(told[5]).to.match(/^6 old-2: account is missing · /);
  });

  for (const [name, delimiter, price] of [
    ['commas', ',', '19.90'],
    ['commas and a quoted decimal comma', ',', '"19,90"'],
    ['semicolons', ';', '19.90'],
    ['semicolons and a decimal comma', ';', '19,90'],
    ['tabs', '\t', '19,90'],
  ] as const) {
    it(`reads a spreadsheet with ${name}`, () => {
      expect(pricesOf(readRows(`\uFEFF${csv([{ ...GOOD, price }], delimiter)}\n`, 'csv'))).to.deep.equal([1990n]);
    });
  }

  it('does not take the rest of a spreadsheet for rows', () => {
    expect(readRows(`\n${csv([GOOD])}\n,,,,,,,\n   \n`, 'csv')).to.have.length(1);
  });

  it('takes a number for an id, in JSON as in a spreadsheet', () => {
    const rows = [
      readRows(JSON.stringify([{ ...GOOD, legacy_id: 5 }]), 'json'),
      readRows(csv([{ ...GOOD, legacy_id: '5' }]), 'csv'),
    ].flat();

    expect(rows.map(({ legacyId }) => legacyId)).to.deep.equal(['5', '5']);
    const prints = rows.map((row) => ('read' in row ? `${row.read.row.legacyId} ${row.read.fingerprint}` : 'unread'));
    expect(new Set(prints).size).to.equal(1);
    expect(prints[0]).to.match(/^5 /);
  });

  it('gives the same meaning the same fingerprint, in any form and order', () => {
    const prints = [
      readRows(csv([GOOD]), 'csv'),
      readRows(csv([Object.fromEntries([...Object.entries(GOOD), ['country', '']].toReversed())], ';'), 'csv'),
      readRows(JSON.stringify([{ ...GOOD, price: 19.9, country: null }]), 'json'),
    ].map(([row]) => (row !== undefined && 'read' in row ? row.read.fingerprint : 'unread'));

    expect(new Set(prints).size).to.equal(1);
  });

  const bad: readonly [string, Readonly<Record<string, unknown>>, string][] = [
    ['a negative price', { price: '-1.00' }, 'price must be a decimal of USD'],
    ['too many digits', { price: '19.999' }, 'price must be a decimal of USD'],
    ['a grouped price', { price: '1,234.50' }, 'price must be a decimal of USD'],
    ['thousands with a comma', { price: '1,234' }, 'price must be a decimal of USD'],
    ['a price in words', { price: 'NaN' }, 'price must be a decimal of USD'],
    ['a price nobody can collect', { price: '10000000000' }, 'price is more than a period can cost'],
    ['a price times quantity nobody can collect', { price: '999999', quantity: 99_999 }, 'price is more than'],
    ['quantity 0', { quantity: '0' }, 'quantity must be 1 or more'],
    ['half of one', { quantity: 1.5 }, 'quantity must be a whole number from 1 on'],
    ['a negative quantity', { quantity: '-3' }, 'quantity must be a whole number from 1 on'],
    ['a quantity that is true', { quantity: true }, 'quantity must be a whole number from 1 on'],
    ['an unknown column', { colour: 'red' }, 'Unrecognized key: "colour"'],
    ['an id that is no whole number', { legacy_id: 5.5 }, 'legacy_id must be text'],
    ['a number where a word belongs', { product: 7 }, 'product must be text'],
    ['no id', { legacy_id: undefined }, 'legacy_id is missing'],
    ['an empty id', { legacy_id: '' }, 'legacy_id must be text, not empty and without control characters'],
    [
      'an id of two lines',
      { legacy_id: 'old-1\nold-2' },
      'legacy_id must be text, not empty and without control characters',
    ],
    ['an unknown currency', { currency: 'XXX' }, 'currency must be one that prices may be set in: USD, EUR'],
    ['a currency nobody collects', { currency: 'JPY' }, 'currency must be one that prices may be set in: USD, EUR'],
    ['an unknown interval', { interval: 'monthly' }, 'interval must be month, year, or a duration like P90D'],
    ['a day that is none', { started_at: '2024-02-30' }, 'started_at must be a day like 2024-01-31'],
    ['a day of another country', { started_at: '31/01/2024' }, 'started_at must be a day like 2024-01-31'],
    ['an instant in a zone nobody named', { started_at: '2024-01-31T10:00:00' }, 'started_at must be a day'],
    ['no start', { started_at: '' }, 'started_at must be a day like 2024-01-31'],
    ['an unknown status', { status: 'lapsed' }, 'status Invalid option'],
    [
      'a fraction of what has none',
      { currency: 'XOF', price: '12,5' },
      'price must be a decimal of XOF like 1999, not',
    ],
    ['a country that is none', { country: 'ZZ' }, 'country must be an ISO 3166-1 code of a country like FR'],
    ['a country by a code of its own', { country: 'UK' }, 'country must be an ISO 3166-1 code of a country like FR'],
    ['a union for a country', { country: 'EU' }, 'country must be an ISO 3166-1 code of a country like FR'],
    ['a card that is no id', { stripe_payment_method: 'visa' }, 'stripe_payment_method must be an id of Stripe'],
    ['an account with a space', { account: 'acc 1' }, 'account must be an account id of AuthGate'],
  ];
  for (const [what, change, sentence] of bad) {
    it(`says what is wrong with ${what}`, () => {
      expect(problemOf({ ...GOOD, ...change })).to.contain(sentence);
    });
  }

  it('refuses a card number in any field, and never repeats it', () => {
    for (const name of Object.keys(GOOD)) {
      const [row] = answers(readRows(JSON.stringify([{ ...GOOD, [name]: 'x 4242 4242 4242 4242' }]), 'json'));
      expect(row).to.equal(
        '1 ?: It holds what looks like a card number. Take it out of the file: nothing here may ever see one.',
      );
    }
  });

  for (const [what, record] of [
    ['tabs between its groups', { ...GOOD, plan: '4242\t4242\t4242\t4242' }],
    ['line breaks between its groups', { ...GOOD, legacy_id: '4242\n4242\r4242\n4242' }],
    ['its digits in a list', { ...GOOD, plan: [{ number: '4242 4242 4242 4242' }] }],
    ['no quotes around it', { ...GOOD, legacy_id: 4242_4242_4242_4242 }],
    ['the place of a column', { ...GOOD, '4242\t4242\t4242\t4242': 'visa' }],
  ] as const) {
    it(`refuses a card number with ${what}`, () => {
      expect(answers(readRows(JSON.stringify([record]), 'json'))[0]).to.match(/^1 \?: It holds what looks like a card/);
    });
  }

  it('reads an id of JSON as one of a spreadsheet, without the spaces around it', () => {
    const rows = readRows(JSON.stringify([GOOD, { ...GOOD, legacy_id: ' old-1 ' }]), 'json');
    const prints = rows.map((row) => ('read' in row ? `${row.read.row.legacyId} ${row.read.fingerprint}` : 'unread'));

    expect(new Set(prints).size).to.equal(1);
  });

  it('refuses a row in another encoding, and reads the others', () => {
    const latin = Buffer.from(csv([{ ...GOOD, plan: 'Prämie' }, GOOD]), 'latin1').toString('utf8');

    expect(answers(readRows(latin, 'csv'))).to.deep.equal([
      '2 old-1: It has bytes that are not UTF-8: save the file as UTF-8.',
      '3 old-1: read',
    ]);
  });

  for (const [what, text, kind, sentence] of [
    ['an empty file', '', 'csv', 'The first line must name the columns: the file is empty'],
    ['two bytes a letter', Buffer.from('legacy_id,plan', 'utf16le').toString('utf8'), 'csv', 'the file is not UTF-8'],
    ['an unknown column', 'legacy_id,colour\nold-1,red', 'csv', 'unknown column "colour"'],
    ['a column twice', 'legacy_id,plan,plan\nold-1,pro,pro', 'csv', 'column plan twice'],
    ['no JSON', '{"legacy_id":', 'json', 'The file must be a JSON array of objects.'],
    ['one object', JSON.stringify(GOOD), 'json', 'The file must be a JSON array of objects.'],
  ] as const) {
    it(`says of the whole file that it has ${what}`, () => {
      expect(refusalOf(text, kind)).to.contain(sentence);
    });
  }
});
