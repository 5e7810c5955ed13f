/** One guard taken out of a copy of the source, and the fault that must then find something. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  /** Must be there exactly once: a change of the code that moves it is noticed, not skipped. */
  readonly find: string;
  readonly replace: string;
  /** How the command is called in the copy. */
  readonly fault: readonly [id: `F${number}`, ...options: string[]];
}

/** The branch of an opening, told apart from that of a charge by what follows it. */
const unknownOpening = (then: string): string =>
  `    case 'unknown':\n      ${then}\n    default:\n      return assertNever(answer);\n  }\n};\n\n/**\n * Sent once`;

/** What the matrix proves nothing without. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the unique index of the inbox',
    file: 'packages/database/migrations/20261101000000_platform/migration.sql',
    find: '  handled_at timestamptz(3) NOT NULL,\n  CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id)\n',
    replace: '  handled_at timestamptz(3) NOT NULL\n',
    // Published and not marked: it is published again, and only the inbox knows.
    fault: ['F1', '--only', 'relay.mark_sent:before'],
  },
  {
    name: 'the mandatory flag',
    file: 'packages/bus/src/rabbit/publisher.ts',
    find: '  mandatory: true,\n',
    replace: '  mandatory: false,\n',
    fault: ['F10', '--quick', '--only', 'bindings'],
  },
  {
    name: 'asking the provider again after an unknown answer',
    file: 'services/payments-card/src/application/work-order.ts',
    find: unknownOpening('return decideUnanswered(order, wallNow(deps));'),
    replace: unknownOpening(
      "return decideRefused(order, { code: 'payments_card.provider_refused', message: 'No answer.' });",
    ),
    fault: ['F9', '--quick', '--first', '1', '--only', 'answer_lost while opening'],
  },
  {
    name: 'the signature over the raw body of a webhook',
    file: 'services/payments-card/src/providers/stripe-webhook.ts',
    find: '    if (denial !== null) return denied(denial);\n',
    replace: '',
    fault: ['F8', '--quick'],
  },
  {
    name: 'the reservation of the Idempotency-Key',
    file: 'packages/http/src/idempotency.ts',
    find: 'idempotent.store.begin(idempotent.scope, ',
    replace: 'idempotent.store.begin({ ...idempotent.scope, key: idempotent.newUlid }, ',
    fault: ['F23', '--quick'],
  },
];
