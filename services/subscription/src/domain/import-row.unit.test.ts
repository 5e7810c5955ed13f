import { isAccountId, must } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';

import { type ImportRow, reportOf } from './import-row.ts';
import { periodAfter } from './period.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const day = (text: string) => new Date(`${text}T00:00:00Z`);

const aRow = (change: Partial<ImportRow> = {}): ImportRow => ({
  legacyId: 'old-1',
  accountId: must(['acc_1'].find(isAccountId), 'an account id'),
  productKey: 'automation',
  planKey: 'pro',
  status: 'active',
  interval: 'month',
  quantity: 1,
  unitPrice: money(1990n, 'USD'),
  taxBehavior: 'exclusive',
  startedAt: day('2024-01-31'),
  periodStart: day('2026-02-15'),
  periodEnd: day('2026-03-15'),
  endedAt: null,
  cancelAtPeriodEnd: false,
  renewalOwner: 'platform',
  stripeSubscription: null,
  country: null,
  stripeCustomer: null,
  stripePaymentMethod: null,
  ...change,
});
const accepted = (change: Partial<ImportRow>) => {
  const read = reportOf(aRow(change), NOW);
  if ('refused' in read) throw new Error(read.refused);
  return read.report;
};
const refused = (change: Partial<ImportRow>) => {
  const read = reportOf(aRow(change), NOW);
  return 'refused' in read ? read.refused : 'accepted';
};

describe('the periods after an imported row', () => {
  // started, period given → end of the next period, which must be as long as its price is for.
  const table: readonly [string, string, string, ImportRow['interval'], string][] = [
    ['2024-01-31', '2026-02-15', '2026-03-15', 'month', '2026-04-15'], // moved to the 15th: not the 16 days to 31 March
    ['2024-01-31', '2026-02-28', '2026-03-31', 'month', '2026-04-30'], // on its anchor: the 31st, clipped
    ['2025-12-31', '2026-02-28', '2026-03-28', 'month', '2026-04-28'], // begun again on the 28th
    ['2024-01-15', '2026-02-28', '2026-03-31', 'month', '2026-04-30'], // month ends, though it started on a 15th
    ['2024-01-15', '2026-01-31', '2026-03-31', 'month', '2026-04-30'], // two months were paid once
    ['2023-05-05', '2025-06-10', '2026-06-10', 'year', '2027-06-10'],
    ['2024-02-29', '2026-02-28', '2027-02-28', 'year', '2028-02-29'], // on its anchor: a leap day again
    ['2026-01-01', '2026-02-20', '2026-03-22', 'P30D', '2026-04-21'], // 22 March + 30 days
  ];
  for (const [started, start, end, interval, next] of table) {
    it(`${started}, now ${start} to ${end} each ${interval}: next until ${next}`, () => {
      const report = accepted({ startedAt: day(started), periodStart: day(start), periodEnd: day(end), interval });

      expect(report.period).to.deep.equal({ start: day(start), end: day(end) });
      expect(periodAfter(report.period, report.anchorAt, interval)).to.deep.equal({ start: day(end), end: day(next) });
    });
  }

  it('are counted from the start where no period is given', () => {
    const report = accepted({ periodStart: null, periodEnd: null });

    expect(report.anchorAt).to.deep.equal(day('2024-01-31'));
    expect(report.period).to.deep.equal({ start: day('2026-02-28'), end: day('2026-03-31') });
  });

  it('tell when it began, wherever they are counted from', () => {
    expect(accepted({}).startedAt).to.deep.equal(day('2024-01-31'));
  });
});

describe('an imported row is refused', () => {
  const table: readonly [string, Partial<ImportRow>, string][] = [
    ['that starts in the future', { startedAt: day('2026-03-03') }, 'started_at is in the future.'],
    ['that is older than any platform', { startedAt: day('1989-12-31') }, 'started_at is before 1990'],
    ['that ended before it began', { status: 'cancelled', endedAt: day('2024-01-30') }, 'It ended before it began.'],
    ['that ends in the future', { status: 'cancelled', endedAt: day('2026-03-03') }, 'ended_at is in the future'],
    ['that is cancelled, nobody says when', { status: 'cancelled' }, 'A cancelled row needs ended_at.'],
    ['that ended and is active', { endedAt: day('2026-01-01') }, 'ended_at is for cancelled rows'],
    ['with half a period', { periodEnd: null }, 'Give period_start and period_end, or neither.'],
    ['whose period ends as it starts', { periodEnd: day('2026-02-15') }, 'period_end is not after period_start.'],
    [
      'whose period starts before it does',
      { startedAt: day('2026-02-20') },
      'period_start is before started_at: the subscription had not begun.',
    ],
    ['whose period is to come', { periodStart: day('2026-03-03') }, 'period_start is in the future'],
    [
      'whose period ends a hundred years on',
      { periodEnd: day('2129-03-15') },
      'period_end is more than three years after period_start',
    ],
    [
      'that costs nothing and ends with a period',
      { unitPrice: money(0n, 'USD'), cancelAtPeriodEnd: true },
      'It costs nothing and so has no period to end with',
    ],
    ['whose period is over', { periodEnd: day('2026-03-01') }, 'Its period is over'],
    [
      'on trial, nobody says until when',
      { status: 'trialing', periodStart: null, periodEnd: null },
      'A trial needs period_start and period_end',
    ],
    ['that Stripe renews under no name', { renewalOwner: 'stripe' }, 'stripe_subscription is empty'],
    [
      'that the platform renews and Stripe has',
      { stripeSubscription: 'sub_1' },
      'renewal_owner is platform, but stripe_subscription says Stripe renews it',
    ],
    ['that is past due here', { status: 'past_due' }, 'nothing here could be paid'],
    ['with a card of nobody', { stripePaymentMethod: 'pm_1' }, 'stripe_payment_method needs stripe_customer'],
  ];
  for (const [what, change, sentence] of table) {
    it(what, () => {
      expect(refused(change)).to.contain(sentence);
    });
  }

  it('but not for months paid ahead, one long cycle, or an old period of what costs nothing', () => {
    const ahead = refused({ periodEnd: day('2029-02-15') });
    const long = refused({ interval: 'P5Y', periodEnd: day('2031-02-15') });
    const free = refused({ unitPrice: money(0n, 'USD'), periodEnd: day('2026-02-20') });

    expect([ahead, long, free]).to.deep.equal(['accepted', 'accepted', 'accepted']);
  });

  it('but not for being past due at Stripe, which goes on collecting', () => {
    expect(refused({ status: 'past_due', renewalOwner: 'stripe', stripeSubscription: 'sub_1' })).to.equal('accepted');
  });
});
