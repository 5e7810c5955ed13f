import { allMessages } from '@quittance/contracts';
import { STORING_SERVICES } from '@quittance/local';

import { type Harm, type Violation } from './fault.ts';
import { type Truths } from './truths.ts';

type Check = (truths: Truths) => Promise<readonly Violation[]>;

/** Every invariant that holds for what is built, each from the provider's books, our payments and our ledger. */
export const checkInvariants = async (truths: Truths): Promise<readonly Violation[]> => {
  const found = await Promise.all(CHECKS.map((check) => check(truths)));
  return found.flat();
};

/** I1: debits = credits per entry, account and currency. */
const ledgerBalances: Check = async (truths) => {
  const rows = await truths.rows<{ account_id: string; currency: string; off: string }>(
    'invoicing',
    `SELECT account_id, currency, sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END)::text AS off
     FROM journal_postings GROUP BY account_id, currency
     HAVING sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END) <> 0`,
  );
  return rows.map((row) => violation('I1', 'unbalanced', `${row.account_id} is off by ${row.off} ${row.currency}`));
};

/** I2: each captured charge ↔ one completed payment at the rail ↔ one payment in the books ↔ one ledger entry. */
const chargesMatchPayments: Check = async (truths) => {
  const [books, rail, ours, entries] = await Promise.all([
    truths.books(),
    truths.rows<{ reference: string }>('payments-card', 'SELECT provider_reference AS reference FROM payments'),
    truths.rows<{ reference: string; id: string }>(
      'invoicing',
      'SELECT provider_reference AS reference, id FROM payments',
    ),
    truths.rows<{ id: string }>(
      'invoicing',
      'SELECT payment_id AS id FROM journal_entries WHERE payment_id IS NOT NULL',
    ),
  ]);
  const captured = books.charges.filter((charge) => charge.captured && charge.status === 'succeeded');
  const charges = countBy(captured.map(({ paymentIntent, id }) => paymentIntent ?? id));
  return [
    ...compare('I2 charge ↔ payment at the rail', charges, countBy(rail.map(({ reference }) => reference))),
    ...compare('I2 charge ↔ payment in the books', charges, countBy(ours.map(({ reference }) => reference))),
    ...compare('I2 payment ↔ ledger entry', countBy(ours.map(({ id }) => id)), countBy(entries.map(({ id }) => id))),
  ];
};

/** I3: what was paid on an invoice is its total; an excess sits in the balance. */
const nobodyPaysTwice: Check = async (truths) => {
  const rows = await truths.rows<{ id: string; paid: string; total: string }>(
    'invoicing',
    `SELECT i.id, sum(p.amount_minor)::text AS paid, i.total_minor::text AS total
     FROM invoices i JOIN payments p ON p.invoice_id = i.id AND p.applied_to = 'invoice'
     GROUP BY i.id, i.total_minor HAVING sum(p.amount_minor) <> i.total_minor`,
  );
  return rows.map((row) => violation('I3', 'doubled', `invoice ${row.id}: paid ${row.paid} of ${row.total}`));
};

/** I4: every stored webhook ends processed or ignored, and every event the provider sent has arrived. */
const webhooksEnd: Check = async (truths) => {
  const rows = await truths.rows<{ id: string; type: string; last_error: string | null }>(
    'payments-card',
    "SELECT id, type, last_error FROM provider_events WHERE state = 'received'",
  );
  return rows.map((row) =>
    violation('I4', 'stuck', `webhook ${row.id} (${row.type}): ${row.last_error ?? 'not worked on'}`),
  );
};

/** I5: every outbox row is confirmed and has one inbox row per consumer; nothing is handled twice. */
const messagesArrive: Check = async (truths) => {
  const consumers = new Map(allMessages.map(({ type, consumers: names }) => [type, names]));
  const handled = new Map<string, ReadonlyMap<string, number>>();
  const violations: Violation[] = [];
  for (const service of STORING_SERVICES) {
    const rows = await truths.rows<{ id: string }>(service, 'SELECT message_id AS id FROM platform.inbox');
    const counts = countBy(rows.map(({ id }) => id));
    handled.set(service, counts);
    for (const [id, count] of counts) {
      if (count > 1) violations.push(violation('I5', 'doubled', `${service} handled ${id} ${count} times`));
    }
  }
  for (const service of STORING_SERVICES) {
    const rows = await truths.rows<{ id: string; type: string; sent: boolean }>(
      service,
      'SELECT message_id AS id, type, sent_at IS NOT NULL AS sent FROM platform.outbox',
    );
    for (const { id, type, sent } of rows) {
      if (!sent) violations.push(violation('I5', 'stuck', `${service}: ${type} ${id} is unsent`));
      for (const consumer of consumers.get(type) ?? []) {
        if (handled.get(consumer)?.has(id) !== true) {
          violations.push(violation('I5', 'lost', `${type} ${id} of ${service} was not handled by ${consumer}`));
        }
      }
    }
  }
  return violations;
};

/** I6: nothing died but what was meant to, and that has one record each. */
const nothingDied: Check = async (truths) => {
  const found = await Promise.all(
    STORING_SERVICES.map(async (service) => {
      const rows = await truths.rows<{ id: string; type: string; reason: string }>(
        service,
        'SELECT message_id AS id, type, reason FROM platform.dead_letters WHERE replayed_at IS NULL',
      );
      const meant = [...truths.poison].filter(([, owner]) => owner === service).map(([id]) => id);
      const died = rows.filter(({ id }) => truths.poison.has(id)).map(({ id }) => id);
      return [
        ...rows
          .filter(({ id }) => !truths.poison.has(id))
          .map(({ type, reason }) => violation('I6', 'stuck', `${service} gave up ${type}: ${reason}`)),
        ...compare(`I6 poison ↔ dead letter of ${service}`, countBy(meant), countBy(died)),
      ];
    }),
  );
  return found.flat();
};

/** I7: one audit record per action that was committed, counted in both directions. */
const everythingAudited: Check = async (truths) => {
  const kept = await truths.rows<{ id: string }>('audit', 'SELECT id FROM audit_records');
  const stored = countBy(kept.map(({ id }) => id));
  const intended = new Map<string, number>();
  for (const service of STORING_SERVICES) {
    const rows = await truths.rows<{ id: string }>(
      service,
      "SELECT envelope->'data'->>'recordId' AS id FROM platform.outbox WHERE type = 'audit.record-action'",
    );
    for (const { id } of rows) intended.set(id, 1);
  }
  return compare('I7 action ↔ record', intended, stored);
};

/** I9: one invoice per key; numbers of a series (`QT-2027-`) without gap or repeat. */
const numbersAreGapless: Check = async (truths) => {
  const rows = await truths.rows<{ number: string }>(
    'invoicing',
    'SELECT number FROM invoices WHERE number IS NOT NULL ORDER BY length(number), number',
  );
  const last = new Map<string, number>();
  const violations: Violation[] = [];
  for (const { number } of rows) {
    const end = number.lastIndexOf('-') + 1;
    const [series, counter, due] = [
      number.slice(0, end),
      Number(number.slice(end)),
      (last.get(number.slice(0, end)) ?? 0) + 1,
    ];
    if (counter !== due)
      violations.push(violation('I9', counter < due ? 'doubled' : 'lost', `${number} in place ${due}`));
    last.set(series, counter);
  }
  return violations;
};

const CHECKS: readonly Check[] = [
  ledgerBalances,
  chargesMatchPayments,
  nobodyPaysTwice,
  webhooksEnd,
  messagesArrive,
  nothingDied,
  everythingAudited,
  numbersAreGapless,
];

const violation = (invariant: string, harm: Harm, what: string): Violation => ({ invariant, harm, what });

const countBy = (keys: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

/** Every key of `truth` exactly once in `ours`, and none that `truth` does not know. */
const compare = (
  invariant: string,
  truth: ReadonlyMap<string, number>,
  ours: ReadonlyMap<string, number>,
): readonly Violation[] => {
  const violations: Violation[] = [];
  for (const [key, count] of truth) {
    const got = ours.get(key) ?? 0;
    if (got < count) violations.push(violation(invariant, 'lost', `${key}: ${got} of ${count}`));
    if (got > count) violations.push(violation(invariant, 'doubled', `${key}: ${got} instead of ${count}`));
  }
  for (const key of ours.keys()) {
    if (!truth.has(key)) violations.push(violation(invariant, 'doubled', `${key} is in ours alone`));
  }
  return violations;
};
