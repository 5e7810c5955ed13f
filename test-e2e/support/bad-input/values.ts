/** Card numbers that pass the Luhn check and that no test buys with: found anywhere, they came from here. */
export const CARD_NUMBERS = ['4111111111111111', '5105105105105100', '371449635398431', '6304000000000000000'] as const;

export const PLANTED: readonly string[] = [
  ...CARD_NUMBERS,
  '4111 1111 1111 1111',
  '5105-1051-0510-5100',
  '3714 496353 98431',
  '4111.1111.1111.1111',
  '4111%201111%201111%201111',
  'please charge 4111-1111 1111-1111, thanks',
  '٤١١١ ١١١١ ١١١١ ١١١١',
];

/** Finds each of them however it is grouped, in JavaScript and in PostgreSQL. */
export const CARD_PATTERN = [
  ...CARD_NUMBERS.map((number) => number.split('').join('(?:[ .-]|%20)?')),
  '٤١١١ ?١١١١',
].join('|');

/** What looks a little like one: a wrong check digit, a time, micro- and nanoseconds, a ULID, a UUID and a hash. */
export const NO_CARDS: readonly string[] = [
  '4111111111111112',
  '20260131120004',
  '1763847562122126',
  '1763847562122123456',
  'chk_01j8a4242424242424242abcde',
  '399fdbc3-a112-4471-8407-9249146b8a49',
  'a4242424242424242bcdef0123456789',
];

/** Strings no field may hold, whatever else it allows. */
export const NEVER_TEXT: readonly string[] = ['\0', 'a\0b', '\ud800', 'x\udc00', '\udfff\ud800'];

/** Text as strangers send it; a field may accept some, and nothing may break. */
export const HOSTILE_TEXT: readonly string[] = [
  '',
  ' ',
  'x'.repeat(600),
  'é'.repeat(10_000),
  "' OR 1=1 --",
  "'; DROP TABLE invoices; --",
  '${7*7}{{7*7}}<%= 7*7 %>',
  '<script>alert(1)</script>',
  '../../../etc/passwd',
  '%00',
  '\u202egnp.exe',
  '\u0007\u001b[2J',
  '٤٢',
  'javascript:alert(1)',
  'http://169.254.169.254/latest/meta-data',
  'null',
  'undefined',
  '[object Object]',
  '{"$ne":null}',
  'sub_01J8ZQ4M7E8B2C3D4F5G6H7K8N',
  'sub_',
  'sub_00000000000000000000000000; --',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T00:00:00+25:00',
];

/** Numbers as texts of a query, and as they are in a body. */
export const HOSTILE_NUMBERS: readonly string[] = [
  '-1',
  '0',
  '1.5',
  '101',
  '1e9',
  '99999999999999999999',
  '-18446744073709551616',
  'NaN',
  'Infinity',
  '0x10',
  '1e-7',
  '0001',
  ' 1',
];

/** JSON that is not a string. */
export const WRONG_TYPES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  9_007_199_254_740_992,
  [],
  {},
  ['USD'],
  [null],
  { $ne: null },
  { toString: 'x' },
  [[[]]],
];

/** What somebody would like to set and may not. */
export const MASS_ASSIGNED: readonly string[] = [
  'accountId',
  'account_id',
  'status',
  'price',
  'amount',
  'total',
  'discount',
  'version',
  'role',
  'roles',
  'admin',
  'permissions',
  'id',
  'createdAt',
  'paidAt',
  'trialDays',
  'constructor',
  'prototype',
];

/** The same as somebody who knows us would send it. */
export const PLAUSIBLE: Readonly<Record<string, unknown>> = {
  accountId: 'acc_sample',
  status: 'active',
  version: 99,
  price: { amount: 1, currency: 'USD' },
  amountMinor: 1,
  discount: { kind: 'percentage', ratePpm: 1_000_000 },
  renewalOwner: 'provider',
  role: 'billing',
  permissions: ['billing.write', 'billing.approve'],
  principal: { kind: 'operator', subject: 'usr_samir', permissions: ['billing.write'] },
  paidAt: '2026-01-01T00:00:00Z',
  trialEnd: '2099-01-01T00:00:00Z',
  claimed: 0,
};

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Cursors that none of our pages gave. */
export const BAD_CURSORS: readonly string[] = [
  'null',
  '-1',
  base64url('{"id":1}'),
  base64url('2026-01-01T00:00:00.000Z'),
  base64url('2026-01-01T00:00:00.000Z \0'),
  base64url("2026-01-01T00:00:00.000Z ' OR 1=1"),
  base64url('+275760-09-13T00:00:00.000Z aud_x'),
  base64url('-271821-04-20T00:00:00.000Z aud_x'),
  base64url('0000-01-01T00:00:00.000Z aud_x'),
  base64url('-000001-01-01T00:00:00.000Z aud_x'),
  base64url(`2026-01-01T00:00:00.000Z ${'x'.repeat(100)}`),
  'zzz_zzzzzzzzzzzzzzzzzzzzzzzzzz',
  'x'.repeat(200),
];
