import {
  ApiPlannedChange,
  ApiSubscription,
  InvoiceDrafted,
  InvoicePaid,
  ListSubscriptionChanges,
  OrderOpened,
} from '@quittance/contracts';
import { type AccountId, type Id } from '@quittance/kernel';
import { money, taxExclusive } from '@quittance/money';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';

import { FREE, invoiceDrafted, invoicePaid, orderOpened, planPublished, PRO } from '../fixtures.ts';
import {
  anAccount,
  customer,
  LITE,
  lite,
  OPERATOR,
  Problem,
  subscriptionFor,
  TEAM,
  teamFor,
} from '../running-subscription.ts';

const TAX_RATE_PPM = 200_000;
const usd = (amount: number) => ({ amount, currency: 'USD' });
const prices = (n: string, month: number) =>
  (
    [
      ['month', month, '1'],
      ['year', month * 10, '2'],
      ['P90D', month * 3 - 100, '3'],
    ] as const
  ).map(([interval, amount, tail]) => ({
    priceId: `prc_01j8zq4m7e8b2c3d4f5g6h7k${n}${tail}` as const,
    interval,
    amount: usd(amount),
    taxBehavior: 'exclusive' as const,
    region: null,
  }));

const NEWER = planPublished({
  planVersionId: 'plv_01j8zq4m7e8b2c3d4f5g6h7k98',
  versionNumber: 2,
  prices: prices('5', 10_900),
});

const Lines = z.array(
  z.object({ description: z.string(), quantity: z.int(), unitPrice: z.object({ amount: z.int() }).loose() }).loose(),
);
const grossOf = (lines: z.infer<typeof Lines>): number =>
  lines.reduce((total, { quantity, unitPrice }) => {
    const { gross } = taxExclusive(money(BigInt(quantity * unitPrice.amount), 'USD'), TAX_RATE_PPM);
    return total + Number(gross.amountMinor);
  }, 0);

const cases = fc.record({
  trial: fc.constantFrom(false, false, false, true),
  daysIn: fc.integer({ min: 0, max: 12 }),
  commitAfterMinutes: fc.integer({ min: 0, max: 14 }),
  wish: fc.record(
    {
      planId: fc.constantFrom(PRO.planId, TEAM.planId, TEAM.planId, LITE.planId, FREE.planId),
      interval: fc.constantFrom('month', 'month', 'year', 'P90D'),
      quantity: fc.integer({ min: 1, max: 4 }),
      items: fc.constantFrom([{ key: 'training', name: 'Training', unitPrice: usd(1499), quantity: 3 }]),
      mode: fc.constantFrom('standard', 'standard', 'convert_now'),
      newestVersion: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

describe('any change over HTTP', function () {
  this.timeout(240_000);
  const suite = subscriptionFor([
    { ...teamFor(19_900), prices: prices('3', 19_900) },
    { ...lite, prices: prices('4', 4900) },
  ]);
  before(async () => {
    await suite.publish(planPublished({ prices: prices('1', 9900) }), 2);
  });

  const begin = async ({ trial }: Case): Promise<{ account: AccountId; id: Id<'sub'> }> => {
    const account = anAccount();
    if (!trial) return { account, id: await suite.buy(account) };
    const wish = { planId: LITE.planId, currency: 'USD' };
    const begun = await suite.ask('/v1/trials', { as: customer(account), body: wish });
    return { account, id: ApiSubscription.parse(begun.body).id };
  };

  /** Plays invoicing and the rail: drafts what was asked for, with its tax, and is paid. */
  const pay = async (account: AccountId, id: Id<'sub'>) => {
    const sale = await suite.requested(account, 'plan_change');
    const facts = { checkoutId: sale.checkoutId, subscriptionId: id, accountId: account };
    const lines = Lines.parse(sale.lines).map(({ description, quantity, unitPrice }) => {
      const { net, tax, gross } = taxExclusive(money(BigInt(quantity * unitPrice.amount), 'USD'), TAX_RATE_PPM);
      const [one, two, three] = [net, tax, gross].map(({ amountMinor }) => usd(Number(amountMinor)));
      const amounts = { unitPrice: usd(unitPrice.amount), net: one, tax: two, gross: three };
      return { description, quantity, ...amounts, taxRatePpm: TAX_RATE_PPM, taxReason: 'VAT.', period: null };
    });
    const changed = { kind: 'plan_change', changeId: sale.changeId, period: sale.period, lines } as const;
    const drafted = InvoiceDrafted.data.parse({ ...invoiceDrafted(facts), ...changed });
    await suite.ground.handled(await suite.ground.send(InvoiceDrafted, { data: drafted }));
    await suite.ground.handled(await suite.ground.send(OrderOpened, { data: orderOpened(facts) }));
    return {
      lines: sale.lines,
      done: async () => {
        const paid = InvoicePaid.data.parse({ ...invoicePaid(facts), ...changed });
        await suite.ground.handled(await suite.ground.send(InvoicePaid, { data: paid }));
      },
    };
  };

  it('bills, dates and leaves what its preview said, when it is committed later with its quote', async () => {
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { account, id } = await begin(given);
        if (seen.size === 0) await suite.publish(NEWER, 3);
        suite.ground.clock.advance({ days: given.daysIn });
        const before = await suite.read(account, id);
        const shown = await suite.ask(`/internal/subscriptions/${id}/plan-items`, { as: OPERATOR, body: given.wish });
        suite.ground.clock.advance({ seconds: given.commitAfterMinutes * 60 });
        const commit = (quote?: z.infer<typeof ApiPlannedChange>['quote']) => {
          const urls = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };
          return suite.ask(`/v1/subscriptions/${id}/items/commit`, {
            as: OPERATOR,
            body: { ...given.wish, ...urls, ...(quote === undefined ? {} : { quote }) },
          });
        };
        if (shown.status !== 200) {
          count('refused');
          expect(Problem.parse((await commit()).body).code).to.equal(Problem.parse(shown.body).code);
          return;
        }
        const preview = ApiPlannedChange.parse(shown.body);
        const asked = commit(preview.quote);
        if (preview.lines.length > 0) {
          count('paid');
          const invoice = await pay(account, id);
          expect(invoice.lines).to.deep.equal(preview.lines);
          expect((await asked).status).to.be.oneOf([200, 202]);
          await invoice.done();
        }
        expect((await asked).status).to.be.oneOf([200, 202]);
        if (preview.scheduled) {
          count('scheduled');
          const waiting = await suite.read(account, id);
          expect({ ...waiting, version: 0, nextCharge: null }).to.deep.equal({
            ...before,
            version: 0,
            nextCharge: null,
          });
          expectNextCharge(waiting, preview);
          suite.ground.clock.set(preview.effectiveAt);
        }
        count(preview.kind);
        const { afterwards } = preview;
        await waitFor(async () => (await latestChange(account, id))?.status === 'applied', {
          what: `the ${preview.kind} of ${id}`,
          deadlineMs: 20_000,
        });
        const after = await suite.read(account, id);
        const { planId, planKey, planName, interval, items, price, currentPeriod, accessUntil } = after;
        const { periodKind: _kind, renewsAt: _renews, ...promised } = afterwards;
        expect({ planId, planKey, planName, interval, items, price, currentPeriod, accessUntil }).to.deep.equal(
          promised,
        );
        expect(after.status).to.equal(preview.kind === 'version_move' && given.trial ? 'trialing' : 'active');
        // What is charged as it takes effect is on its way by then: as the very lines that were previewed.
        if (preview.scheduled && afterwards.renewsAt === preview.effectiveAt) {
          count('renewed');
          expect(await renewalLines(id)).to.deep.equal(bare(preview.nextLines));
        } else expectNextCharge(after, preview);
      }),
      { numRuns: 30, seed: 20_260_302, endOnFailure: true },
    );
    for (const what of ['paid', 'scheduled', 'upgrade', 'downgrade', 'conversion', 'interval_switch']) {
      expect(seen.get(what) ?? 0, what).to.be.greaterThan(0);
    }
  });

  const latestChange = async (account: string, id: Id<'sub'>) => {
    const { body } = await suite.ask(`/v1/subscriptions/${id}/changes?limit=1`, { as: customer(account) });
    return ListSubscriptionChanges.answer.parse(body).data[0];
  };

  const bare = (lines: unknown) =>
    Lines.parse(lines).map(({ description, quantity, unitPrice }) => [description, quantity, unitPrice.amount]);

  const renewalLines = (id: Id<'sub'>) =>
    waitFor(
      async () => {
        const asked = await suite.ground.sent('invoicing.open-invoice');
        const renewal = asked.find(({ subject, data }) => subject === id && data['kind'] === 'renewal');
        return renewal === undefined ? null : bare(renewal.data['lines']);
      },
      { what: `the renewal of ${id}`, deadlineMs: 20_000 },
    );

  const expectNextCharge = (
    { nextCharge }: z.infer<typeof ApiSubscription>,
    { afterwards, nextLines }: z.infer<typeof ApiPlannedChange>,
  ): void => {
    const expected = afterwards.renewsAt && { at: afterwards.renewsAt, amount: usd(grossOf(nextLines)), withTax: true };
    expect(nextCharge).to.deep.equal(expected);
  };
});
