import { createHmac } from 'node:crypto';

import { type Shot } from './send.ts';

/** A generator of the same numbers for the same seed (mulberry32), in [0, 1). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export interface Signed {
  readonly body: string;
  readonly atSeconds: number;
}

export interface Mutation {
  readonly what: string;
  readonly shot: Pick<Shot, 'headers' | 'body'>;
}

interface Facts {
  readonly secret: string;
  readonly nowSeconds: number;
  readonly random: () => number;
}

/** A genuine event of a type that is kept and changes nothing. */
export const genuineEvent = (
  id: string,
  nowSeconds: number,
  metadata: Readonly<Record<string, string>> = { note: 'a note' },
): string =>
  JSON.stringify({
    id,
    object: 'event',
    type: 'customer.created',
    livemode: false,
    created: nowSeconds,
    data: { object: { id: `cus_${id}`, object: 'customer', name: 'Ada', metadata } },
  });

export const signedHeader = (body: string | Buffer, secret: string, atSeconds: number): string =>
  `t=${atSeconds},v1=${hmac(body, secret, atSeconds)}`;

/** Forged, stale, early, with another secret, or with anything of a genuine one changed: the `index`-th of a kind each. */
export const mutation = (index: number, facts: Facts): Mutation => {
  const kind = KINDS[index % KINDS.length];
  if (kind === undefined) throw new Error('There are no kinds of mutations.');
  const [what, change] = kind;
  const body = genuineEvent(`evt_mutant_${index}`, facts.nowSeconds);
  return { what: `${what} #${index}`, shot: change({ ...facts, body }) };
};

interface Given extends Facts {
  readonly body: string;
}

type Change = (given: Given) => Mutation['shot'];

const hmac = (body: string | Buffer, secret: string, atSeconds: number | string): string =>
  createHmac('sha256', secret).update(`${atSeconds}.`).update(body).digest('hex');

const sent = (body: string | Buffer, header: string | null): Mutation['shot'] => ({
  body,
  headers: { 'content-type': 'application/json', ...(header === null ? {} : { 'stripe-signature': header }) },
});

const upTo = (given: Given, limit: number): number => Math.floor(given.random() * limit);

const genuine = (given: Given): string => signedHeader(given.body, given.secret, given.nowSeconds);

const byte: Change = (given) => {
  const bytes = Buffer.from(given.body);
  const at = upTo(given, bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 + upTo(given, 255));
  return sent(bytes, genuine(given));
};

const dropped: Change = (given) => {
  const at = upTo(given, given.body.length);
  return sent(given.body.slice(0, at) + given.body.slice(at + 1), genuine(given));
};

const inserted: Change = (given) => {
  const at = upTo(given, given.body.length);
  const sign = [' ', '\n', '0', '"', '\0', '}'][upTo(given, 6)] ?? ' ';
  return sent(given.body.slice(0, at) + sign + given.body.slice(at), genuine(given));
};

const digit: Change = (given) => {
  const header = genuine(given);
  const from = header.indexOf('v1=') + 3;
  const at = from + upTo(given, 64);
  const other = '0123456789abcdef'.replace(header[at] ?? '', '')[upTo(given, 15)] ?? '0';
  return sent(given.body, header.slice(0, at) + other + header.slice(at + 1));
};

const shifted: Change = (given) => {
  const by = (1 + upTo(given, 250)) * (given.random() < 0.5 ? -1 : 1);
  const signature = hmac(given.body, given.secret, given.nowSeconds);
  return sent(given.body, `t=${given.nowSeconds + by},v1=${signature}`);
};

const stale: Change = (given) =>
  sent(given.body, signedHeader(given.body, given.secret, given.nowSeconds - 330 - upTo(given, 10_000_000)));

const early: Change = (given) =>
  sent(given.body, signedHeader(given.body, given.secret, given.nowSeconds + 330 + upTo(given, 10_000_000)));

const otherSecret: Change = (given) => {
  const at = upTo(given, given.secret.length);
  const secrets = [
    given.secret.slice(0, at) + given.secret.slice(at + 1),
    given.secret.replace('whsec_', ''),
    '',
    `${given.secret} `,
  ];
  return sent(given.body, signedHeader(given.body, secrets[upTo(given, secrets.length)] ?? '', given.nowSeconds));
};

const oddTimes = ['', '-1', 'NaN', '1e12', '0x10', '99999999999999999999', 'Infinity', ' ', '1.5'];

const oddTime: Change = (given) => {
  const time = oddTimes[upTo(given, oddTimes.length)] ?? '';
  return sent(given.body, `t=${time},v1=${hmac(given.body, given.secret, time)}`);
};

const oddHeader: Change = (given) => {
  const signature = hmac(given.body, given.secret, given.nowSeconds);
  const headers = [
    null,
    '',
    'garbage',
    `v1=${signature}`,
    `t=${given.nowSeconds}`,
    `t=${given.nowSeconds},v0=${signature}`,
    `t=${given.nowSeconds},v1=`,
    `t=${given.nowSeconds};v1=${signature}`,
    `t=${given.nowSeconds},v1=${signature.slice(0, 63)}`,
    `t=${given.nowSeconds},v1=${signature.toUpperCase().replaceAll(/\d/g, 'F')}`,
    `t=${given.nowSeconds},v1=${Buffer.from(signature, 'hex').toString('base64')}`,
    signature,
    `t=,v1=,${'v1=00,'.repeat(500)}`,
  ];
  return sent(given.body, headers[upTo(given, headers.length)] ?? null);
};

const rewritten: Change = (given) => sent(JSON.stringify(JSON.parse(given.body), null, 2), genuine(given));

/** Well signed, and no event: an envelope that lacks what every event has, or no JSON at all. */
const noEvent: Change = (given) => {
  const bodies = [
    '',
    'null',
    '[]',
    '{}',
    '{"id":"evt_1"}',
    '\0',
    '{"id":1,"type":[]}',
    given.body.slice(0, -1),
    '"evt"',
  ];
  const body = bodies[upTo(given, bodies.length)] ?? '';
  return sent(body, signedHeader(body, given.secret, given.nowSeconds));
};

const otherMode: Change = (given) => {
  const body = given.body.replace('"livemode":false', '"livemode":true');
  return sent(body, signedHeader(body, given.secret, given.nowSeconds));
};

const KINDS: readonly (readonly [what: string, change: Change])[] = [
  ['a byte of the body', byte],
  ['a character dropped', dropped],
  ['a character inserted', inserted],
  ['a digit of the signature', digit],
  ['another time', shifted],
  ['signed long ago', stale],
  ['signed in the future', early],
  ['another secret', otherSecret],
  ['an odd time', oddTime],
  ['an odd header', oddHeader],
  ['the same JSON, written anew', rewritten],
  ['signed, and no event', noEvent],
  ['signed, of the other mode', otherMode],
];
