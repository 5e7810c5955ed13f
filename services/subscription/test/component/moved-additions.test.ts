import { ApiSubscriptionChange, InvoiceDrafted, InvoicePaid, OrderOpened } from '@quittance/contracts';
import { type AccountId, type Id } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

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

  it('comes with the move of the plan beside it, on one day and in one charge', async () => {
    const { account, id } = await bought();
    const before = await suite.read(account, id);
    await suite.publish(addon(3, 4000), 4);
    await suite.publish(
      planPublished({
        planVersionId: 'plv_01j8zq4m7e8b2c3d4f5g6h7k89',
        versionNumber: 2,
        prices: planPublished().prices.map((price) => ({ ...price, amount: usd(10_900) })),
      }),
      5,
    );
    const plan = movesFor(suite, PRO.planId);
    const first = await plan.preview();
    await plan.start(first.move.id);
    await plan.until(first.move.id, 'done');

    const shown = await preview();
    await start(shown.move.id);
    const done = await until(shown.move.id, 'done');

    // Bought at 99 + 2 × 30: with the plan's move 109 + 2 × 30, with both 109 + 2 × 40, and 20 % tax.
    expect(rowOf(first, id)?.nextCharge).to.deep.include({ before: usd(19_080), after: usd(20_280) });
    expect(rowOf(shown, id)?.nextCharge).to.deep.include({ before: usd(20_280), after: usd(22_680) });
    expect(rowOf(done, id)?.status).to.equal('moved');
    const { body } = await suite.ask(`/v1/subscriptions/${id}/changes`, { as: OPERATOR });
    const changes = z.object({ data: z.array(ApiSubscriptionChange) }).parse(body).data;
    expect(changes.slice(0, 2).map(({ kind, status }) => [kind, status])).to.deep.equal([
      ['version_move', 'scheduled'],
      ['version_move', 'superseded'],
    ]);
    suite.ground.clock.set(before.currentPeriod?.end ?? '');
    await waitFor(async () => ((await suite.read(account, id)).price.amount === 18_900 ? true : null), {
      what: 'both new prices',
    });
  });
});
