import { expect } from 'chai';
import { z } from 'zod';

import { ApiAccountId, idOf, Instant, Interval, PageLimit, ReturnUrl } from './shapes.ts';

describe('ReturnUrl', () => {
  for (const url of [
    'https://shop.example/ok',
    'HTTPS://shop.example/ok',
    'https://shop.example/ok?session={CHECKOUT_SESSION_ID}',
    'https://bücher.example/danke',
    'http://localhost:3000/ok',
    'http://127.0.0.1/ok',
    'http://[::1]:8080/ok',
  ]) {
    it(`takes ${url}`, () => {
      expect(ReturnUrl.safeParse(url).success).to.equal(true);
    });
  }

  for (const url of [
    'http://shop.example/ok',
    'http://127.0.0.1:80@evil.example/',
    'http://localhost.evil.example/',
    'https://user:password@shop.example/',
    'https://shop.example/\r\nSet-Cookie: a=b',
    'https://shop.ex\nample/ok',
    ' https://shop.example/',
    'https://shop.example/a b',
    'javascript:alert(1)',
    'ftp://shop.example/',
    'https://',
    'ok',
  ]) {
    it(`refuses ${JSON.stringify(url)}`, () => {
      expect(ReturnUrl.safeParse(url).success).to.equal(false);
    });
  }
});

describe('PageLimit', () => {
  for (const limit of ['1', '20', '100']) {
    it(`takes ${limit}`, () => expect(PageLimit.parse(limit)).to.equal(Number(limit)));
  }

  it('is 20 where none is asked for', () => expect(PageLimit.parse(undefined)).to.equal(20));

  for (const limit of [
    '',
    ' ',
    ' 5',
    '5 ',
    '+5',
    '-5',
    '05',
    '0',
    '0x5',
    '1e1',
    '5.0',
    '101',
    '1_0',
    '٥',
    ['5', '5'],
  ]) {
    it(`refuses ${JSON.stringify(limit)}`, () => expect(PageLimit.safeParse(limit).success).to.equal(false));
  }
});

/** Whoever checks by the API’s description refuses what we refuse, and nothing else. */
describe('the description', () => {
  const ULID = '01j8zq4m7e8b2c3d4f5g6h7k8n';
  const told: readonly (readonly [string, z.ZodType, readonly string[]])[] = [
    ['of an id', idOf('pln'), [`pln_${ULID}`, `sub_${ULID}`, `pln_${ULID.toUpperCase()}`, 'pln_short', `pln_${ULID}0`]],
    [
      'of an account',
      ApiAccountId,
      ['acme', 'A.b_c:d-1', '', '..', '-a', 'a/b', 'a b', 'ä', 'a'.repeat(128), 'a'.repeat(129)],
    ],
  ];
  for (const [what, shape, values] of told) {
    it(`${what} has the pattern that counts`, () => {
      const { pattern = 'none' } = z.toJSONSchema(shape, { io: 'input' });

      for (const value of values) {
        expect(new RegExp(pattern, 'u').test(value), value).to.equal(shape.safeParse(value).success);
      }
    });
  }
});

describe('Instant', () => {
  for (const instant of ['2028-02-29T00:00:00Z', '2026-11-28T09:00:00.123456Z', '9999-12-31T23:59:59Z']) {
    it(`takes ${instant}`, () => expect(Instant.safeParse(instant).success).to.equal(true));
  }

  for (const instant of [
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2026-11-28T24:00:00Z',
    '2026-06-30T23:59:60Z',
    '2026-11-28T09:00:00+01:00',
    '2026-11-28T09:00:00',
    '2026-11-28',
    '',
  ]) {
    it(`refuses ${JSON.stringify(instant)} and says what one looks like`, () =>
      expect(problemOf(Instant.safeParse(instant))).to.deep.equal([
        'must be an instant in UTC like 2026-11-28T09:00:00Z',
      ]));
  }
});

const problemOf = (result: { readonly error?: { readonly issues: readonly { readonly message: string }[] } }) =>
  result.error?.issues.map(({ message }) => message);

describe('what a caller is told', () => {
  for (const id of ['', 'PLN_01j8zq4m7e8b2c3d4f5g6h7k8n', 'pln_short', 'sub_01j8zq4m7e8b2c3d4f5g6h7k8n']) {
    it(`of the id ${JSON.stringify(id)} is what one looks like`, () => {
      expect(problemOf(idOf('pln').safeParse(id))).to.deep.equal(['must be an id like pln_01j8zq4m7e8b2c3d4f5g6h7k8n']);
    });
  }

  for (const interval of ['week', 'P1M', 'P1Y', 'P3', 'P99Y', '']) {
    it(`of the interval ${JSON.stringify(interval)} is one sentence that says what to write`, () => {
      const [problem, ...more] = problemOf(Interval.safeParse(interval)) ?? [];

      expect(problem).to.include('one month is month');
      expect(more).to.deep.equal([]);
    });
  }
});
