import { type HttpContract, httpContracts } from '@quittance/contracts';

import { type Expected } from './complaints.ts';
import { deepCases } from './deep-cases.ts';
import { type Case, INVALID, type Kit, kitOf, REFUSED_CARD, surplusOf } from './kit.ts';
import { accepts, encoded, type Fields, fieldsOf, queryOf } from './samples.ts';
import { type Shot } from './send.ts';
import {
  BAD_CURSORS,
  HOSTILE_NUMBERS,
  HOSTILE_TEXT,
  MASS_ASSIGNED,
  NEVER_TEXT,
  PLANTED,
  WRONG_TYPES,
} from './values.ts';

const MALFORMED: Expected = { statuses: [400], codes: ['platform.malformed_body'] };
const UNSUPPORTED: Expected = { statuses: [415], codes: ['platform.unsupported_media_type'] };
const TOO_LARGE: Expected = { statuses: [413], codes: ['platform.body_too_large'] };
const UNBROKEN: Expected = {};
const UNDECODABLE: Expected = { statuses: [400], codes: ['platform.unreadable_request'] };
/** Beyond what a request line and its headers may be. */
const TOO_LONG: Expected = { statuses: [431], codes: ['platform.unreadable_request'] };
const LINE_CHARACTERS_MAX = 16 * 1024;

const inAddress = (value: string, expected: Expected): Expected =>
  encoded(value).length > LINE_CHARACTERS_MAX ? TOO_LONG : expected;

/** What one contract must refuse. Nothing here may change anything: what a field accepts is only asked of reads. */
export const casesOf = (contract: HttpContract): readonly Case[] => {
  const kit = kitOf(contract);
  return [
    ...wrongMethods(contract, kit),
    ...paramCases(contract, kit),
    ...queryCases(contract, kit),
    ...(typeof contract.body === 'string' ? [] : bodyCases(contract, kit)),
    ...(contract.body === 'none' ? [] : sizeCases(contract, kit)),
    ...(contract.idempotency === 'required' ? keyCases(kit) : []),
    ...deepCases(contract, kit),
  ];
};

const mayBeAccepted = (contract: HttpContract): boolean => contract.audit === 'none';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

const wrongMethods = (contract: HttpContract, kit: Kit): readonly Case[] => {
  const answered = httpContracts.filter(({ path }) => path === contract.path).map(({ method }) => method);
  const wrong = METHODS.filter((method) => !answered.some((known) => known === method));
  return wrong.map((method) => ({
    what: `method ${method}`,
    shot: { ...kit.shot({}), method },
    expected: { statuses: [405], codes: ['platform.method_not_allowed'] },
  }));
};

const paramCases = (contract: HttpContract, kit: Kit): readonly Case[] =>
  [...fieldsOf(contract.params)].flatMap(([name, field]) => {
    const withParam = (value: string): Shot => kit.shot({ params: { ...kit.params, [name]: value } });
    const refused = [...HOSTILE_TEXT, ...HOSTILE_NUMBERS].filter((value) => value !== '' && !value.startsWith('..'));
    return [
      ...NEVER_TEXT.map((value) => ({
        what: `params.${name}: not text`,
        shot: withParam(encoded(value)),
        expected: value.isWellFormed() ? INVALID : UNDECODABLE,
      })),
      ...PLANTED.map((value) => ({
        what: `params.${name}: card`,
        shot: withParam(encoded(value)),
        expected: REFUSED_CARD,
      })),
      ...refused
        .filter((value) => mayBeAccepted(contract) || !accepts(field, value))
        .map((value) => ({
          what: `params.${name}: ${value.slice(0, 30)}`,
          shot: withParam(encoded(value)),
          expected: inAddress(value, accepts(field, value) ? UNBROKEN : INVALID),
        })),
      ...['%', '%zz', '%C0%80', '..%2f..%2f', '%2e%2e%2f', ';a=b', '\\..\\'].map((value) => ({
        what: `params.${name}: ${value}`,
        shot: withParam(value),
        expected: { statuses: [400, 404] },
      })),
    ];
  });

const queryCases = (contract: HttpContract, kit: Kit): readonly Case[] => {
  const fields = fieldsOf(contract.query);
  const asked = (what: string, query: string, expected: Expected): Case => ({
    what,
    shot: kit.shot({ query }),
    expected,
  });
  const unknown = MASS_ASSIGNED.filter((name) => !fields.has(name)).slice(0, 6);
  return [
    ...unknown.map((name) => asked(`query ${name}`, queryOf({ [name]: 'x' }), surplusOf(contract))),
    asked('query __proto__', '?__proto__=x', INVALID),
    ...PLANTED.slice(-3).map((value) =>
      asked('query: card under an unknown name', queryOf({ q: value }), REFUSED_CARD),
    ),
    ...PLANTED.slice(-3).map((value) => asked('query: card as a name', queryOf({ [value]: 'x' }), REFUSED_CARD)),
    ...[...fields].flatMap(([name, field]) => [
      ...PLANTED.map((value) => asked(`query.${name}: card`, queryOf({ [name]: value }), REFUSED_CARD)),
      ...['\0', 'a\0b'].map((value) => asked(`query.${name}: NUL`, queryOf({ [name]: value }), INVALID)),
      asked(`query.${name}: twice`, `?${name}=1&${name}=2`, invalid(name)),
      asked(`query.${name}: an object`, `?${name}[a]=1`, invalid(name)),
      ...(mayBeAccepted(contract) ? [asked(`query.${name}: not UTF-8`, `?${name}=%ED%A0%80`, UNBROKEN)] : []),
      ...(mayBeAccepted(contract) ? [...HOSTILE_TEXT, ...HOSTILE_NUMBERS, ...cursorsFor(name)] : []).map((value) =>
        asked(
          `query.${name}: ${value.slice(0, 30)}`,
          queryOf({ [name]: value }),
          inAddress(value, accepts(field, value) ? UNBROKEN : invalid(name)),
        ),
      ),
    ]),
  ];
};

const INVALID_CURSOR: Expected = { statuses: [400], codes: ['platform.invalid_cursor', 'platform.invalid_request'] };
const invalid = (name: string): Expected => (name === 'after' ? INVALID_CURSOR : INVALID);
const cursorsFor = (name: string): readonly string[] => (name === 'after' ? BAD_CURSORS : []);

const NOT_JSON: readonly (string | Buffer)[] = [
  '',
  ' ',
  '{',
  '{"a":1',
  '{"a":1}{"b":2}',
  '{"a":1,}',
  '{"a":1,"a":1}',
  String.raw`{"a":{"b":[{"c":1,"\u0063":2}]}}`,
  "{'a':1}",
  'NaN',
  '<xml/>',
  'plan=pro',
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from('{"a":1}', 'utf16le'),
];

const NOT_AN_OBJECT: readonly string[] = [
  'null',
  '[]',
  '"x"',
  '1',
  'true',
  '[{}]',
  `${'['.repeat(900)}${']'.repeat(900)}`,
];

const WRONG_CONTENT: readonly Readonly<Record<string, string>>[] = [
  { 'content-type': '' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/jsonx' },
  { 'content-type': 'application/xml' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/json;charset=latin1' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'br' },
];

const bodyCases = (contract: HttpContract, kit: Kit): readonly Case[] => {
  const fields: Fields = fieldsOf(contract.body);
  const sent = (what: string, json: unknown, expected: Expected): Case => ({
    what,
    shot: kit.shot({ json }),
    expected,
  });
  const raw = (what: string, body: string | Buffer, expected: Expected): Case => ({
    what,
    shot: kit.shot({ shot: { body } }),
    expected,
  });
  const whole = JSON.stringify(kit.body).slice(1, -1);
  return [
    ...NOT_JSON.map((body) => raw(`body: not JSON`, body, MALFORMED)),
    ...NOT_AN_OBJECT.map((body) => raw(`body: ${body.slice(0, 20)}`, body, INVALID)),
    ...WRONG_CONTENT.map((headers) => ({
      what: 'content',
      shot: kit.shot({ shot: { headers } }),
      expected: UNSUPPORTED,
    })),
    ...MASS_ASSIGNED.filter((name) => !fields.has(name)).flatMap((name) => [
      sent(`body ${name}`, { ...kit.body, [name]: 'x' }, INVALID),
      sent(`body ${name}`, { ...kit.body, [name]: 0 }, INVALID),
    ]),
    raw('body __proto__', `{${whole},"__proto__":{"admin":true}}`, INVALID),
    raw('body __proto__ alone', '{"__proto__":{"admin":true}}', INVALID),
    ...PLANTED.flatMap((value) => [
      sent('body: card under an unknown name', { ...kit.body, note: value }, REFUSED_CARD),
      sent('body: card as a name', { ...kit.body, [value]: 1 }, REFUSED_CARD),
      sent('body: card deep inside', { ...kit.body, notes: [{ of: [value] }] }, REFUSED_CARD),
    ]),
    ...[...fields].flatMap(([name, field]) => fieldCases(name, field, { contract, kit, sent })),
  ];
};

const fieldCases = (
  name: string,
  field: Parameters<typeof accepts>[0],
  on: { contract: HttpContract; kit: Kit; sent: (what: string, json: unknown, expected: Expected) => Case },
): readonly Case[] => {
  const { contract, kit, sent } = on;
  const withField = (what: string, value: unknown, expected: Expected): Case =>
    sent(`body.${name}: ${what}`, { ...kit.body, [name]: value }, expected);
  const { [name]: _left, ...without } = kit.body;
  return [
    ...(accepts(field, undefined) ? [] : [sent(`body without ${name}`, without, INVALID)]),
    ...PLANTED.map((value) => withField('card', value, REFUSED_CARD)),
    ...PLANTED.map((value) => withField('card in a link', `https://app.example/?q=${value}`, REFUSED_CARD)),
    ...NEVER_TEXT.map((value) => withField('not text', value, INVALID)),
    ...[...WRONG_TYPES, ...HOSTILE_TEXT, ...HOSTILE_NUMBERS]
      // An oversized text may be refused by the route’s limit instead, which has its own cases.
      .filter((value) => typeof value !== 'string' || value.length < 1000)
      .filter((value) => mayBeAccepted(contract) || !accepts(field, value))
      .map((value) => withField(JSON.stringify(value).slice(0, 30), value, accepts(field, value) ? UNBROKEN : INVALID)),
  ];
};

const MEGABYTE = 1024 * 1024;

const sizeCases = (contract: HttpContract, kit: Kit): readonly Case[] => {
  const beyond = Buffer.alloc(contract.bodyBytesMax + 1, ' ');
  const large = Buffer.from(JSON.stringify({ ...kit.body, note: 'x'.repeat(MEGABYTE) }));
  return [beyond, large].flatMap((body) => [
    { what: `${body.length} bytes`, shot: kit.shot({ shot: { body } }), expected: TOO_LARGE },
    { what: `${body.length} bytes in chunks`, shot: kit.shot({ shot: { body, chunked: true } }), expected: TOO_LARGE },
  ]);
};

const keyCases = (kit: Kit): readonly Case[] => {
  const withKey = (key: string): Shot => kit.shot({ shot: { headers: { 'idempotency-key': key } } });
  const required: Expected = { statuses: [400], codes: ['platform.idempotency_key_required'] };
  return [
    ...['', 'short', 'x'.repeat(129), 'zwölf Zeichen'].map((key) => ({
      what: `key ${key.slice(0, 20)}`,
      shot: withKey(key),
      expected: required,
    })),
    // A header can carry no others.
    ...PLANTED.filter((key) => /^[ -~]+$/.test(key)).map((key) => ({
      what: 'key: card',
      shot: withKey(key),
      expected: REFUSED_CARD,
    })),
  ];
};
