import { randomUUID } from 'node:crypto';

import { type Envelope } from '@quittance/contracts';

/** What a poisoned message is given as its id, so that it can be told from all others. */
export const POISON = 'poison-';

/** Ids with this beginning are refused by the service's own database until it is mended. */
export const THROWS = `${POISON}throws-`;

export interface Poison {
  readonly kind: PoisonKind;
  readonly messageId: string;
  readonly body: Buffer;
}

const MEGABYTE = 1024 * 1024;

/** Each from a message that this very queue has handled before. */
const POISONS = {
  'bad JSON': (good: Envelope) => Buffer.from(JSON.stringify(good).slice(0, -1)),
  'wrong type': (good: Envelope) => json({ ...good, type: 'nothing.of-ours.v1' }),
  'newer schema': (good: Envelope) => json({ ...good, data: { schema: 2, facts: good.data } }),
  '10 MB': (good: Envelope) => json({ ...good, data: { ...good.data, padding: 'x'.repeat(10 * MEGABYTE) } }),
  'null account': (good: Envelope) => json(withoutAccount(good)),
  'handler always throws': (good: Envelope) => json(good),
} as const satisfies Record<string, (good: Envelope) => Buffer>;

export type PoisonKind = keyof typeof POISONS;

export const POISON_KINDS: readonly PoisonKind[] = [
  'bad JSON',
  'wrong type',
  'newer schema',
  '10 MB',
  'null account',
  'handler always throws',
];

export const makePoison = (kind: PoisonKind, good: Envelope): Poison => {
  const messageId = `${kind === 'handler always throws' ? THROWS : POISON}${randomUUID()}`;
  return { kind, messageId, body: POISONS[kind]({ ...good, id: messageId }) };
};

/** Whose it is, is missing: the account where the message has one, and who acted in any case. */
const withoutAccount = (good: Envelope): unknown => ({
  ...good,
  actorid: null,
  data: 'accountId' in good.data ? { ...good.data, accountId: null } : good.data,
});

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
