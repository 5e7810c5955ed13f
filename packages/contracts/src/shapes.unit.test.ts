import { expect } from 'chai';

import { idOf, Interval, ReturnUrl } from './shapes.ts';

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
