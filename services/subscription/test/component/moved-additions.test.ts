import { InvoiceDrafted, InvoicePaid, OrderOpened } from '@quittance/contracts';
import { type AccountId, type Id } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { invoiceDrafted, invoicePaid, orderOpened, planPublished, PRO } from '../fixtures.ts';
import { movesFor, rowOf } from '../moves.ts';
import { anAccount, OPERATOR, subscriptionFor } from '../running-subscription.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const ADDON = 'pln_01j8zq4m7e8b2c3d4f5g6h7k80';

/** What is sold beside Pro, version by version. */
const addon = (n: number, amount: number) =>
  planPublished({
    planId: ADDON,
    planVersionId: `plv_01j8zq4m7e8b2c3d4f5g6h7k8${n}`,
    versionNumber: n,
    key: 'seats',
    names: { en: 'Seats' },
    entitlements: [{ kind: 'limit', feature: 'seats', limit: n }],
    prices: [
      {
        priceId: `prc_01j8zq4m7e8b2c3d4f5g6h7k8${n}`,
        interval: 'month',
        amount: usd(amount),
        taxBehavior: 'exclusive',
        region: null,
      },
    ],
  });

describe('moving those who have the plan as an addition', function () {
  this.timeout(60_000);
  const suite = subscriptionFor([addon(1, 2000)]);
  const { preview, start, until } = movesFor(suite, ADDON);

  /** Pro at 99 with two of the addition beside it, all paid for. */
  const bought = async (): Promise<{ account: AccountId; id: Id<'sub'> }> => {
    const account = anAccount();
    const id = await suite.buy(account);
    const asked = suite.ask(`/v1/subscriptions/${id}/items/commit`, {
      as: OPERATOR,
      body: {
        items: [{ planId: ADDON, quantity: 2 }],
        successUrl: 'https://shop.example/ok',
        cancelUrl: 'https://shop.example/no',
      },
    });
    const { checkoutId, changeId } = await suite.requested(account, 'plan_change');
    const facts = { checkoutId, subscriptionId: id, accountId: account };
    const change = { kind: 'plan_change' as const, changeId };
    const { handled, send } = suite.ground;
    await handled(await send(InvoiceDrafted, { data: { ...invoiceDrafted(facts), ...change } }));
    await handled(await send(OrderOpened, { data: orderOpened(facts) }));
    await asked;
    await handled(await send(InvoicePaid, { data: { ...invoicePaid(facts), ...change } }));
    return { account, id };
  };

  it('moves it at the price that was shown, and nothing beside it', async () => {
    const { account, id } = await bought();
    const before = await suite.read(account, id);
    await suite.publish(addon(2, 3000), 3);

    const shown = await preview();
    await start(shown.move.id);
    const done = await until(shown.move.id, 'done');

    expect(shown.data).to.have.length(1);
    // 99 + 2 × 20 → 99 + 2 × 30, and 20 % tax.
    expect(rowOf(shown, id)).to.deep.include({
      role: 'addition',
      fromVersionId: addon(1, 0).planVersionId,
      toVersionId: addon(2, 0).planVersionId,
      status: 'planned',
      effectiveAt: before.currentPeriod?.end,
      price: { before: usd(13_900), after: usd(15_900) },
      nextCharge: { before: usd(16_680), after: usd(19_080), difference: usd(2400), withTax: true },
    });
    expect(done.counts).to.deep.equal({ planned: 0, moved: 1, notMoved: 0 });
    expect((await suite.read(account, id)).nextCharge?.amount).to.deep.equal(usd(19_080));
    suite.ground.clock.set(before.currentPeriod?.end ?? '');
    const moved = await waitFor(
      async () => {
        const found = await suite.read(account, id);
        return found.items[1]?.unitPrice.amount === 3000 ? found : null;
      },
      { what: 'the addition at its new price' },
    );
    expect([moved.planVersionId, moved.items[1]?.quantity]).to.deep.equal([PRO.planVersionId, 2]);
    expect((await preview()).counts).to.deep.equal({ planned: 0, moved: 0, notMoved: 0 });
  });
});
