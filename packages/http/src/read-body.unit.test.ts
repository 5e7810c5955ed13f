import { type IncomingMessage } from 'node:http';

import { isDomainError } from '@quittance/kernel';
import { expect } from 'chai';

import { parseJsonBody, type SentHeaders } from './read-body.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const read = (body: string | Buffer, headers: IncomingMessage['headers'] = JSON_TYPE): unknown => {
  const request: SentHeaders = { headers };
  try {
    return parseJsonBody(request, Buffer.from(body));
  } catch (error) {
    return isDomainError(error) ? error.code : error;
  }
};

describe('parseJsonBody', () => {
  const once: readonly string[] = [
    '{}',
    '[]',
    'null',
    '"a:b"',
    '{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}',
    String.raw`{"a":"\"a\":1,\\","b\"":":","c\\":[":\\\"",{"":":"}]}`,
    '{"constructor":1,"toString":2,"__proto__":{"a":1}}',
    ' { "a" : 1 , "A" : 2 , "ä" : 3 , "a\u0308" : 4 } ',
    '{"1":1,"01":2,"1.0":3}',
  ];
  for (const body of once) {
    it(`reads ${body}`, () => expect(JSON.stringify(read(body))).to.equal(JSON.stringify(JSON.parse(body))));
  }

  const twice: readonly string[] = [
    '{"a":1,"a":2}',
    '{"a":1,"a":1}',
    String.raw`{"a":1,"\u0061":2}`,
    '{"x":[0,{"y":{"a":1,"b":2,"a":3}}]}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"a":{"b":1},"a":{"c":2,"d":3}}',
    '{"a":{"b":1,"c":2,"d":3},"a":{}}',
    '[{"a":":","a":":"}]',
  ];
  for (const body of twice) {
    it(`refuses the name given twice in ${body}`, () => expect(read(body)).to.equal('platform.malformed_body'));
  }

  it('counts the names of a body that is deeper than any stack', () => {
    const depth = 5000;
    const nested = (inner: string): string => `${'{"a":['.repeat(depth)}${inner}${']}'.repeat(depth)}`;

    expect(read(nested('{"b":1}'))).to.be.an('object');
    expect(read(nested('{"b":1,"b":1}'))).to.equal('platform.malformed_body');
  });

  it('reads a body behind a byte order mark', () => expect(read('\uFEFF{"a":1}')).to.deep.equal({ a: 1 }));

  for (const type of ['application/json', 'Application/JSON; Charset="UTF-8"', 'application/problem+json']) {
    it(`reads ${type}`, () => expect(read('{"a":1}', { 'content-type': type })).to.deep.equal({ a: 1 }));
  }

  const unsupported: readonly (readonly [string, IncomingMessage['headers']])[] = [
    ['no type', {}],
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['two types', { 'content-type': 'application/json, text/plain' }],
    ['UTF-16', { 'content-type': 'application/json; charset=utf-16' }],
    ['Latin-1', { 'content-type': 'application/json;charset=latin1' }],
    ['gzip', { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    ['two encodings', { ...JSON_TYPE, 'content-encoding': 'identity, br' }],
  ];
  for (const [what, headers] of unsupported) {
    it(`refuses ${what} as a kind of body`, () =>
      expect(read('{"a":1}', headers)).to.equal('platform.unsupported_media_type'));
  }

  for (const [what, body] of [
    ['UTF-16 that is called UTF-8', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['two byte order marks', '\uFEFF\uFEFF{}'],
    ['nothing', ''],
    ['two documents', '{"a":1}{"b":2}'],
  ] as const) {
    it(`refuses ${what} as malformed`, () => expect(read(body)).to.equal('platform.malformed_body'));
  }
});
