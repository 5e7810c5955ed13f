import { expect } from 'chai';

import { findCardNumbers, maskCardNumbers } from './card-number.ts';

describe('findCardNumbers', () => {
  const holding: readonly (readonly [string, string])[] = [
    ['4242424242424242', 'bare'],
    ['4242 4242 4242 4242', 'spaces'],
    ['4000-0000-0000-0002', 'dashes'],
    ['378282246310005', 'Amex, 15 digits'],
    ['4222222222222', 'Visa, 13 digits'],
    ['30569309025904', 'Diners Club, 14 digits'],
    ['135410014004955', 'UATP, 15 digits and a leading 1'],
    ['2223003122003222', 'Mastercard with a leading 2'],
    ['6304000000000000000', '19 digits'],
    ['٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢', 'Arabic digits'],
    ['۴۲۴۲۴۲۴۲۴۲۴۲۴۲۴۲', 'Persian digits'],
    ['４２４２-４２４２-４２４２-４２４２', 'full-width digits'],
    ['4242\u00a04242\u20114242 4242', 'spaces and dashes of typographers'],
    ['no4242424242424242x', 'between letters'],
    ['550e8400-e29b-41d4-a716-446655440000 4242424242424242', 'right after a UUID'],
    ['my card is 5555 5555 5555 4444, thanks', 'inside a sentence'],
    ['2026-11-22 4242 4242 4242 4242', 'right after a date'],
  ];
  for (const [text, what] of holding) {
    it(`finds ${what}`, () => expect(findCardNumbers(text)).to.have.length.greaterThan(0));
  }

  const clean: readonly (readonly [string, string])[] = [
    ['4242424242424241', 'a wrong check digit'],
    ['1763847562122', 'milliseconds since 1970'],
    ['2026-11-22T23:17:21.123Z', 'an instant'],
    ['chk_01j8zq4m7e8b2c3d4f5g6h7k8n', 'an id'],
    ['chk_01j8a4242424242424242abcde', 'an id whose digits pass the check'],
    ['01J8A4242424242424242ABCDE', 'a ULID of others whose digits pass the check'],
    ['a4242424242424242bcdef0123456789', 'a hash whose digits pass the check'],
    ['20260131120004', 'a time without separators whose digits pass the check'],
    ['1763847562122126', 'microseconds since 1970 that pass the check'],
    ['1763847562122123456', 'nanoseconds since 1970 that pass the check'],
    ['732 829 320 00074', 'a SIRET, which always passes the check'],
    ['550e8400-e29b-41d4-a716-446655440000', 'a UUID'],
    ['399fdbc3-a112-4471-8407-9249146b8a49', 'a UUID whose digits pass the check'],
    ['100000000000000000000000000', 'a longer number'],
    ['0000000000000000', 'zeros'],
  ];
  for (const [text, what] of clean) {
    it(`leaves ${what} alone`, () => expect(findCardNumbers(text)).to.deep.equal([]));
  }

  it('comes to an end on a hostile text', function () {
    // Looking at it again from every place would take minutes.
    this.timeout(30_000);
    expect(findCardNumbers('1 '.repeat(100_000))).to.deep.equal([]);
  });
});

describe('maskCardNumbers', () => {
  it('masks each as it was written, and nothing beside it', () => {
    expect(maskCardNumbers('٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢, 4000-0000-0000-0002 on 2026-11-22')).to.equal(
      '[card number], [card number] on 2026-11-22',
    );
  });
});
