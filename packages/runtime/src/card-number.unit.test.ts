import { expect } from 'chai';

import { findCardNumbers, maskCardNumbers } from './card-number.ts';

/** What somebody may have typed, pasted or put into a link: refused. */
const HOLDING: readonly (readonly [string, string])[] = [
  ['4242424242424242', 'bare'],
  ['4242 4242 4242 4242', 'spaces'],
  ['4242   4242   4242   4242', 'three spaces'],
  ['4000-0000-0000-0002', 'dashes'],
  ['4242 - 4242 - 4242 - 4242', 'dashes between spaces'],
  ['4242.4242.4242.4242', 'dots'],
  ['4242_4242_4242_4242', 'underscores'],
  ['4242/4242/4242/4242', 'slashes'],
  ['4242,4242,4242,4242', 'commas'],
  ['4242+4242+4242+4242', 'plus signs, as forms write spaces'],
  ['4242 · 4242 · 4242 · 4242', 'middle dots'],
  ['4242.4242 4242-4242', 'another separator each time'],
  ['42 42 42 42 42 42 42 42', 'pairs'],
  ['4.2.4.2.4.2.4.2.4.2.4.2.4.2.4.2', 'single digits'],
  ['3782.822463.10005', 'Amex as it is printed, with dots'],
  ['3056/930902/5904', 'Diners Club as it is printed, with slashes'],
  ['6304.0000.0000.0000.000', '19 digits with dots'],
  ['4242\u200b4242\u200b4242\u200b4242', 'zero-width spaces'],
  ['4242\u00ad4242\u00ad4242\u00ad4242', 'soft hyphens'],
  ['4\ufe0f\u20e32\ufe0f\u20e34\ufe0f\u20e32\ufe0f\u20e342424242\u20e34242', 'key caps'],
  ['378282246310005', 'Amex, 15 digits'],
  ['4222222222222', 'Visa, 13 digits'],
  ['30569309025904', 'Diners Club, 14 digits'],
  ['135410014004955', 'UATP, 15 digits and a leading 1'],
  ['2223003122003222', 'Mastercard with a leading 2'],
  ['6304000000000000000', '19 digits'],
  ['3530111333300000', 'JCB'],
  ['6200000000000005', 'UnionPay'],
  ['6011111111111117', 'Discover'],
  ['٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢', 'Arabic digits'],
  ['۴۲۴۲۴۲۴۲۴۲۴۲۴۲۴۲', 'Persian digits'],
  ['४२४२ ४२४२ ४२४२ ४२४२', 'Devanagari digits'],
  ['４２４２-４２４２-４２４２-４２４２', 'full-width digits'],
  ['𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐', 'mathematical digits'],
  ['④②④②④②④②④②④②④②④②', 'digits in circles'],
  ['4242٤٢٤٢4242٤٢٤٢', 'digits of two scripts'],
  ['4242\u00a04242\u20114242 4242', 'spaces and dashes of typographers'],
  ['no4242424242424242x', 'between letters'],
  ['550e8400-e29b-41d4-a716-446655440000 4242424242424242', 'right after a UUID'],
  ['my card is 5555 5555 5555 4444, thanks', 'inside a sentence'],
  ['2026-11-22 4242 4242 4242 4242', 'right after a date'],
  ['https://x.example/?c=4242%204242%204242%204242', 'a link with %20'],
  ['https://x.example/?c=4242+4242+4242+4242', 'a link with +'],
  ['https://x.example/?c=%34242424242424242', 'a link with one digit encoded'],
  ['https://x.example/?c=%34%32%34%32%34%32%34%32%34%32%34%32%34%32%34%32', 'a link with all digits encoded'],
  ['https://x.example/?c=4242%2D4242%2d4242-4242', 'a link with dashes encoded'],
  ['https://x.example/?c=4242%25204242%25204242%25204242', 'a link in a link'],
  ['https://x.example/?c=%25253424242424242%252534242', 'a link in a link in a link'],
  ['%D9%A4%D9%A2%D9%A4%D9%A24242%D9%A4%D9%A2%D9%A4%D9%A24242', 'Arabic digits encoded'],
  ['https://x.example/?n=100%&c=%34242424242424242%ff', 'a link that does not decode'],
  ['100 %4242424242424242', 'after a percent sign'],
];

/** What customers, operators and machines write all day: accepted. */
const CLEAN: readonly (readonly [string, string])[] = [
  ['4242424242424241', 'a wrong check digit'],
  ['1763847562122', 'milliseconds since 1970'],
  ['2026-11-22T23:17:21.123Z', 'an instant'],
  ['2026-11-22T23:17:21.123456789+01:00', 'an instant with nanoseconds'],
  ['2026-11-22 23:17:21, 2026-12-22 23:17:21', 'two instants'],
  ['22.11.2026 - 22.12.2026', 'a period'],
  ['30/11/2026, 31/12/2026, 31/01/2027', 'dates'],
  ['chk_01j8zq4m7e8b2c3d4f5g6h7k8n', 'an id'],
  ['chk_01j8a4242424242424242abcde', 'an id whose digits pass the check'],
  ['01J8A4242424242424242ABCDE', 'a ULID of others whose digits pass the check'],
  ['a4242424242424242bcdef0123456789', 'a hash whose digits pass the check'],
  ['20260131120004', 'a time without separators whose digits pass the check'],
  ['1763847562122126', 'microseconds since 1970 that pass the check'],
  ['1763847562122123456', 'nanoseconds since 1970 that pass the check'],
  ['732 829 320 00074', 'a SIRET, which always passes the check'],
  ['356938035643809', 'an IMEI, which always passes the check'],
  ['550e8400-e29b-41d4-a716-446655440000', 'a UUID'],
  ['399fdbc3-a112-4471-8407-9249146b8a49', 'a UUID whose digits pass the check'],
  ['https://x.example/?d=399fdbc3%2Da112%2D4471%2D8407%2D9249146b8a49', 'a UUID in a link'],
  ['https://x.example/?at=2026-11-22T23%3A17%3A21.123Z&to=2026-12-22T23%3A17%3A21.123Z', 'instants in a link'],
  ['https://x.example/?at=1763847562122126&id=chk_01j8a4242424242424242abcde', 'a time and an id in a link'],
  ['%E4%B8%AD%E6%96%87%20%E7%9A%84%20%E4%BB%B7%E6%A0%BC%2042%2C%2043%2C%2044', 'Chinese words in a link'],
  ['49.00, 59.00, 69.00, 79.06', 'amounts whose digits pass the check'],
  ['4,900.00 + 5,900.00 = 10,800.00', 'a sum'],
  ['1.234.567.890.123,42', 'an amount with thousands'],
  ['5, 10, 15, 20, 25, 30, 35, 40, 45, 50', 'a list of numbers'],
  ['4.242424242424242', 'a fraction whose digits pass the check'],
  ['+4915112345673', 'a German mobile number whose digits pass the check'],
  ['+49 151 12345673', 'the same, grouped'],
  ['+49 (0)30 901820, +44 20 7946 0958', 'two telephone numbers'],
  ['192.168.100.200, 10.20.30.40', 'addresses of machines'],
  ['INV-2026-000423 / INV-2026-000424', 'invoice numbers'],
  ['100000000000000000000000000', 'a longer number'],
  ['0000000000000000', 'zeros'],
  ['9999999999999995', 'digits no scheme begins with'],
];

const NUMBERING_SYSTEMS = Intl.supportedValuesOf('numberingSystem').filter((system) => {
  const written = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }).format(1_234_567_890);
  return /^\p{Nd}{10}$/u.test(written);
});

describe('findCardNumbers', () => {
  for (const [text, what] of HOLDING) {
    it(`finds ${what}`, () => expect(findCardNumbers(text)).to.have.length.greaterThan(0));
  }

  for (const [text, what] of CLEAN) {
    it(`leaves ${what} alone`, () => expect(findCardNumbers(text)).to.deep.equal([]));
  }

  it('reads the digits of every script', () => {
    const missed = NUMBERING_SYSTEMS.filter((system) => {
      const write = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false });
      return findCardNumbers(write.format(5_105_105_105_105_100)).length === 0;
    });

    expect(NUMBERING_SYSTEMS).to.have.length.greaterThan(40);
    expect(missed).to.deep.equal([]);
  });

  for (const [what, text] of [
    ['digits', '1 '.repeat(100_000)],
    ['digits with separators', '4.2 - 4,'.repeat(25_000)],
    ['escapes of escapes', '%25'.repeat(66_000)],
    ['escapes deep in each other', `%${'25'.repeat(100_000)}`],
    ['digits of other scripts', '٤ '.repeat(100_000)],
    ['broken escapes', '%ff1'.repeat(50_000)],
  ] as const) {
    it(`comes to an end on a hostile text of ${what}`, function () {
      // Looking at it again from every place would take minutes.
      this.timeout(30_000);
      expect(findCardNumbers(text)).to.be.an('array');
    });
  }
});

describe('maskCardNumbers', () => {
  it('masks each as it was written, and nothing beside it', () => {
    expect(maskCardNumbers('٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢, 4000-0000-0000-0002 on 2026-11-22')).to.equal(
      '[card number], [card number] on 2026-11-22',
    );
  });

  for (const [text, masked] of [
    ['4242424242424242 and 4242424242424242!', '[card number] and [card number]!'],
    ['/?c=4242%204242%204242%204242&d=1', '/?c=[card number]&d=1'],
    ['/?c=%34242424242424242&d=%C3%A9', '/?c=[card number]&d=%C3%A9'],
    ['/?c=%2534%25324242424242%34242&d=1', '/?c=[card number]&d=1'],
    ['é 𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐 é', 'é [card number] é'],
    ['%D9%A4%D9%A2%D9%A4%D9%A24242%D9%A4%D9%A2%D9%A4%D9%A24242 %', '[card number] %'],
    ['no card', 'no card'],
  ] as const) {
    it(`makes ${masked} of ${text}`, () => expect(maskCardNumbers(text)).to.equal(masked));
  }
});
