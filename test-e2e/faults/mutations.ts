import { type Harm } from './fault.ts';

/** One change of the source. */
export interface Edit {
  readonly file: string;
  /** Must be there exactly once: a change of the code that moves it is noticed, not skipped. */
  readonly find: string;
  readonly replace: string;
}

/** One guard taken out of a copy of the source, and the fault that must then find what it guards against. */
export interface Mutation {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** How the command is called in the copy, and before that in the source as it is, where it must stay green. */
  readonly fault: readonly [id: `F${number}`, ...options: string[]];
  /** Nothing else counts: a machine that is too slow makes things stuck as well. */
  readonly expected: { readonly harm: Harm; readonly invariant: string };
}

const INBOX: Edit = {
  file: 'packages/database/migrations/20261101000000_platform/migration.sql',
  find: '  handled_at timestamptz(3) NOT NULL,\n  CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id)\n',
  replace: '  handled_at timestamptz(3) NOT NULL\n',
};

const CONFIRM: Edit = {
  file: 'packages/bus/src/rabbit/publisher.ts',
  find: 'propertiesOf(message, number), confirm);\n',
  replace: "propertiesOf(message, number), confirm);\n        resolve('confirmed');\n",
};

const COUPONS = 'services/catalog/src/persistence/coupon-store.ts';
const WORK = 'services/payments-card/src/application/work-order.ts';
const WEBHOOK = 'services/payments-card/src/providers/stripe-webhook.ts';

/** The branch of an opening, told apart from that of a charge by what follows it. */
const unknownOpening = (then: string): string =>
  `    case 'unknown':\n      ${then}\n    default:\n      return assertNever(answer);\n  }\n};\n\n/**\n * Sent once`;

/** What the matrix proves nothing without. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the unique index of the inbox',
    edits: [INBOX],
    // Published and not marked: it is published again, and only the inbox knows.
    fault: ['F1', '--seed', '1', '--only', 'purchase: subscription relay.mark_sent:before'],
    expected: { harm: 'doubled', invariant: 'I5' },
  },
  {
    name: 'the wait for the confirm',
    edits: [CONFIRM],
    // The broker answers, and what it says is no.
    fault: ['F10', '--quick', '--only', 'queue full'],
    expected: { harm: 'lost', invariant: 'I5' },
  },
  {
    name: 'both answers of the broker: the confirm, and that the queues are there',
    edits: [
      CONFIRM,
      {
        file: 'packages/bus/src/rabbit/rabbit-transport.ts',
        find: 'session.checks.missing([...consumers].map(names.queueOf)),',
        replace: 'null,',
      },
    ],
    // Either would be waited for until the broker is dead.
    fault: ['F10', '--quick', '--only', 'before it confirms'],
    expected: { harm: 'lost', invariant: 'I5' },
  },
  {
    name: 'the mandatory flag',
    edits: [
      { file: 'packages/bus/src/rabbit/publisher.ts', find: '  mandatory: true,\n', replace: '  mandatory: false,\n' },
    ],
    fault: ['F10', '--quick', '--only', 'bindings'],
    expected: { harm: 'lost', invariant: 'I5' },
  },
  {
    name: 'taking an unanswered opening for unknown',
    edits: [
      {
        file: WORK,
        find: unknownOpening('return decideUnanswered(order, wallNow(deps));'),
        replace: unknownOpening(
          "return decideRefused(order, { code: 'payments_card.provider_refused', message: 'No answer.' });",
        ),
      },
    ],
    fault: ['F9', '--quick', '--first', '1', '--only', 'answer_lost while opening'],
    expected: { harm: 'stuck', invariant: 'purchase' },
  },
  {
    name: 'asking what became of a charge before it is sent again',
    edits: [
      {
        file: WORK,
        find: 'await deps.provider.findCharge(order.id, { request: openRequest, since: order.createdAt });',
        replace: "await deps.provider.sendCharge(`${must(order.charge, 'a charge').key}:anew`, openRequest);",
      },
    ],
    // A worker that is killed at the charge is helped by the webhook; here none comes before the rail has asked.
    fault: ['F9', '--quick', '--first', '1', '--only', 'answer_lost while charging'],
    expected: { harm: 'doubled', invariant: 'purchase' },
  },
  {
    name: 'the signature of a webhook',
    edits: [{ file: WEBHOOK, find: '    if (denial !== null) return denied(denial);\n', replace: '' }],
    fault: ['F8', '--quick'],
    expected: { harm: 'doubled', invariant: 'F8' },
  },
  {
    name: 'the raw body under the signature of a webhook',
    edits: [
      {
        file: WEBHOOK,
        find: 'return signature.verifyHeader(body, header',
        replace: 'return signature.verifyHeader(JSON.stringify(JSON.parse(body.toString())), header',
      },
    ],
    fault: ['F17', '--quick'],
    expected: { harm: 'doubled', invariant: 'F17' },
  },
  {
    name: 'the reservation of the Idempotency-Key',
    edits: [
      {
        file: 'packages/http/src/idempotency.ts',
        find: 'idempotent.store.begin(idempotent.scope, ',
        replace: 'idempotent.store.begin({ ...idempotent.scope, key: idempotent.newUlid }, ',
      },
    ],
    fault: ['F23', '--quick'],
    expected: { harm: 'doubled', invariant: 'F23' },
  },
  {
    name: 'the lock on what falls due',
    edits: [
      {
        file: 'services/subscription/src/persistence/due-subscriptions.ts',
        find: ' AND (claimed_until IS NULL OR claimed_until < ${wallNow})\n        ORDER BY due_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED',
        replace: '\n        ORDER BY due_at, id LIMIT ${limit}',
      },
      {
        file: 'services/subscription/src/persistence/update-subscriptions.ts',
        find: '  WHERE s.id = c.id AND s.version = c.expected_version`',
        replace: '  WHERE s.id = c.id`',
      },
    ],
    fault: ['F16', '--quick', '--first', '1'],
    expected: { harm: 'doubled', invariant: 'I7' },
  },
  {
    name: 'the cap in the statement that takes a use of a coupon',
    edits: [
      { file: COUPONS, find: "'active' AND (cap_total IS NULL OR claimed + 1 < cap_total)`", replace: "'active'`" },
      {
        file: COUPONS,
        find: ' AND claimed + 1 = cap_total AND version = $3`;\nconst COUNT_ACCOUNT',
        replace: ' AND $3::bigint IS NOT NULL`;\nconst COUNT_ACCOUNT',
      },
      {
        // The table knows the cap as well.
        file: 'services/catalog/prisma/migrations/20261123020000_coupons/migration.sql',
        find: 'CHECK ("cap_total" IS NULL OR "claimed" <= "cap_total")',
        replace: 'CHECK (true)',
      },
    ],
    fault: ['F15', '--quick'],
    expected: { harm: 'doubled', invariant: 'I8' },
  },
];
