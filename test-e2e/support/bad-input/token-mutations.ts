import { type CryptoKey, generateKeyPair, SignJWT } from 'jose';
import { z } from 'zod';

import { type Callers } from './callers.ts';
import { type BadToken } from './token-cases.ts';

interface Given {
  readonly callers: Callers;
  readonly issuer: string;
  readonly random: () => number;
}

/** `count` tokens that were good before one thing was changed, and tokens that never were; the same kinds for one seed. */
export const mutatedTokens = async (count: number, given: Given): Promise<readonly BadToken[]> => {
  const { privateKey: stranger } = await generateKeyPair('RS256');
  const good = await given.callers.mint({ subject: 'usr_forger', account: 'acc_forger', roles: ['billing'] });
  const tools: Tools = { ...given, good, stranger, upTo: (limit) => Math.floor(given.random() * limit) };
  const mutants: BadToken[] = [];
  for (let index = 0; index < count; index += 1) {
    const [what, change] = KINDS[index % KINDS.length] ?? KINDS[0];
    mutants.push({ what: `${what} #${index}`, authorization: `Bearer ${await change(tools)}` });
  }
  return mutants;
};

interface Tools extends Given {
  readonly good: string;
  readonly stranger: CryptoKey;
  readonly upTo: (limit: number) => number;
}

type Change = (tools: Tools) => string | Promise<string>;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const read = (part: string) => z.looseObject({}).parse(JSON.parse(Buffer.from(part, 'base64url').toString()));

const written = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');

const letter = ({ upTo }: Tools): string => ALPHABET[upTo(64)] ?? 'A';

const changed: Change = (tools) => {
  const at = tools.upTo(tools.good.length);
  const other = ALPHABET.replace(tools.good[at] ?? '', '');
  return tools.good.slice(0, at) + (other[tools.upTo(other.length)] ?? 'A') + tools.good.slice(at + 1);
};

const dropped: Change = ({ good, upTo }) => {
  const at = upTo(good.length);
  return good.slice(0, at) + good.slice(at + 1);
};

const inserted: Change = (tools) => {
  const at = tools.upTo(tools.good.length + 1);
  return tools.good.slice(0, at) + letter(tools) + tools.good.slice(at);
};

const partsMixed: Change = ({ good, upTo }) => {
  const parts = good.split('.');
  const orders = [
    [0, 2, 1],
    [1, 0, 2],
    [2, 1, 0],
    [0, 0, 2],
    [0, 1, 1],
    [0, 1],
    [0, 1, 2, 2],
    [1, 2, 0],
  ];
  return (orders[upTo(orders.length)] ?? []).map((part) => parts[part] ?? '').join('.');
};

const ALGORITHMS = [
  'none',
  'RS384',
  'RS512',
  'PS256',
  'PS512',
  'ES256',
  'ES512',
  'EdDSA',
  'HS256',
  'HS512',
  'rs256',
  '',
];

const otherAlgorithm: Change = ({ good, upTo }) => {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const alg = ALGORITHMS[upTo(ALGORITHMS.length)];
  const renamed = written({ ...read(header), alg });
  return `${renamed}.${payload}.${signature}`;
};

const otherClaims: Change = ({ good, upTo, random }) => {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const wishes = [
    { admin: true },
    { sub: 'usr_samir' },
    { account: 'acc_other' },
    { exp: 4e9 },
    { scope: 'entitlements.read' },
  ];
  const claims = { ...read(payload), ...wishes[upTo(wishes.length)], jti: String(random()) };
  return `${header}.${written(claims)}.${signature}`;
};

const randomText: Change = (tools) =>
  Array.from({ length: 1 + tools.upTo(300) }, () => (tools.upTo(20) === 0 ? '.' : letter(tools))).join('');

const strangersKey: Change = (tools) => {
  const kid = Array.from({ length: 1 + tools.upTo(60) }, () => letter(tools)).join('');
  return new SignJWT({ account: 'acc_forger', roles: ['billing'] })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid })
    .setIssuer(tools.issuer)
    .setAudience('https://quittance.local')
    .setSubject('usr_forger')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(tools.stranger);
};

const expired: Change = ({ callers, upTo }) =>
  callers.mint({ subject: 'usr_forger', roles: ['billing'], expiresInS: -31 - upTo(1_000_000) });

const wrongName = (right: string, tools: Tools): string => {
  const at = tools.upTo(right.length);
  const names = [
    `${right}/`,
    right.toUpperCase(),
    `${right}.example`,
    right.slice(0, at),
    ` ${right}`,
    letter(tools),
    right.replace('//', '/'),
  ];
  return names[tools.upTo(names.length)] ?? 'other';
};

const audience: Change = (tools) =>
  tools.callers.mint({
    subject: 'usr_forger',
    roles: ['billing'],
    audience: wrongName('https://quittance.local', tools),
  });

const issuer: Change = (tools) =>
  tools.callers.mint({ subject: 'usr_forger', roles: ['billing'], issuer: wrongName(tools.issuer, tools) });

const type: Change = (tools) => {
  const types = ['JWT', 'jwt', 'at', 'at+jwt ', 'id+jwt', 'logout+jwt', 'quittance-internal+jwt', letter(tools)];
  return tools.callers.mint({ subject: 'usr_forger', type: types[tools.upTo(types.length)] ?? 'JWT' });
};

const noAccount: Change = (tools) => {
  const accounts = [
    '../acc',
    'acc one',
    '-acc',
    'acc\u0000',
    'x'.repeat(129 + tools.upTo(500)),
    `acc/${letter(tools)}`,
    'é',
    '',
  ];
  return tools.callers.mint({ subject: 'usr_forger', account: accounts[tools.upTo(accounts.length)] ?? '' });
};

const KINDS: readonly [readonly [string, Change], ...(readonly (readonly [string, Change])[])] = [
  ['a character changed', changed],
  ['a character dropped', dropped],
  ['a character inserted', inserted],
  ['its parts mixed', partsMixed],
  ['another algorithm', otherAlgorithm],
  ['other claims', otherClaims],
  ['random text', randomText],
  ['a stranger’s key', strangersKey],
  ['expired', expired],
  ['another audience', audience],
  ['another issuer', issuer],
  ['another type', type],
  ['an account that is none', noAccount],
];
