import { type Violation } from '../fault.ts';
import { type Check, violation } from './check.ts';

/** I9: one invoice per subscription, start of period, kind and change. A void one bills nothing. */
export const oneInvoicePerPurpose: Check = async (truths) => {
  const rows = await truths.rows<{ purpose: string; count: number }>(
    'invoicing',
    `SELECT concat_ws(' ', subscription_id, period_start, kind, change_id) AS purpose, count(*)::int AS count
     FROM invoices WHERE status <> 'void' GROUP BY subscription_id, period_start, kind, change_id HAVING count(*) > 1`,
  );
  return rows.map(({ purpose, count }) => violation('I9', 'doubled', `${count} invoices for ${purpose}`));
};

/** I9: numbers of a series (`QT-2027-`) without gap or repeat. */
export const numbersAreGapless: Check = async (truths) => {
  const rows = await truths.rows<{ number: string }>(
    'invoicing',
    'SELECT number FROM invoices WHERE number IS NOT NULL ORDER BY length(number), number',
  );
  const last = new Map<string, number>();
  const violations: Violation[] = [];
  for (const { number } of rows) {
    const end = number.lastIndexOf('-') + 1;
    const [series, counter] = [number.slice(0, end), Number(number.slice(end))];
    const due = (last.get(series) ?? 0) + 1;
    if (counter !== due)
      violations.push(violation('I9', counter < due ? 'doubled' : 'lost', `${number} in place ${due}`));
    last.set(series, counter);
  }
  return violations;
};
