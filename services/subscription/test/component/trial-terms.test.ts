import { ApiPlannedChange, ApiSubscription, OpenInvoice } from '@quittance/contracts';
import { type AccountId, type Id, must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { planPublished } from '../fixtures.ts';
import { anAccount, codeOf, customer, OPERATOR, subscriptionFor } from '../running-subscription.ts';

const URLS = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };
const SMALL = {
  planId: 'pln_01j8zq4m7e8b2c3d4f5g6h7k05',
  planVersionId: 'plv_01j8zq4m7e8b2c3d4f5g6h7k05',
} as const;
const LARGE = {
  planId: 'pln_01j8zq4m7e8b2c3d4f5g6h7k06',
  planVersionId: 'plv_01j8zq4m7e8b2c3d4f5g6h7k06',
} as const;

const price = (interval: 'month' | 'year', amount: number, region: string | null) => ({
  priceId: `prc_01j8zq4m7e8b2c3d4f5g6h7k05` as const,
  interval,
  amount: { amount, currency: 'XOF' },
  taxBehavior: 'exclusive' as const,
  region,
});

/** Senegal has prices of its own. */
const small = planPublished({
  ...SMALL,
  key: 'small',
  rank: 1,
  trialDays: 14,
  prices: [
    price('month', 6000, null),
    price('month', 5000, 'SN'),
    price('year', 60_000, null),
    price('year', 50_000, 'SN'),
  ],
});
const large = planPublished({
  ...LARGE,
  key: 'large',
  rank: 2,
  prices: [price('month', 12_000, null), price('month', 10_000, 'SN')],
});

const Begun = z.object({ subscription: ApiSubscription });

describe('what a trial was begun with', function () {
  this.timeout(30_000);
  const suite = subscriptionFor([small, large]);

  const inSenegal = async () => {
    const account = anAccount();
    const body = { planId: SMALL.planId, currency: 'XOF', country: 'SN' };
    const trial = ApiSubscription.parse((await suite.ask('/v1/trials', { as: customer(account), body })).body);
    return { account, trial };
  };
  const byOperator = (wish: object) => {
    const body = { accountId: anAccount(), planId: SMALL.planId, currency: 'XOF', trial: true, ...URLS, ...wish };
    return suite.ask('/v1/subscriptions', { as: OPERATOR, body });
  };
  const preview = async (account: AccountId, id: Id<'sub'>, body: object) =>
    ApiPlannedChange.parse(
      (await suite.ask(`/internal/subscriptions/${id}/plan-change`, { as: customer(account), body })).body,
    );
  const invoiced = (account: AccountId) =>
    waitFor(
      async () => {
        const sent = await suite.ground.sent('invoicing.open-invoice');
        const command = sent.findLast(({ data }) => data['accountId'] === account);
        return command === undefined ? null : OpenInvoice.data.parse(command.data);
      },
      { what: 'the command to open an invoice' },
    );
  const pricesOf = ({ lines }: { readonly lines: readonly { readonly unitPrice: { readonly amount: number } }[] }) =>
    lines.map(({ unitPrice }) => unitPrice.amount);

  const convert = async (wish: object) => {
    const { account, trial } = await inSenegal();
    const planned = await preview(account, trial.id, wish);
    const body = { ...wish, ...URLS };
    const asked = suite.ask(`/v1/subscriptions/${trial.id}/change`, { as: customer(account), body });
    const command = await invoiced(account);
    await asked;
    return { trial, planned, command };
  };

  it('is paid for at the prices of its country and taxed there, as the preview says', async () => {
    const cases = [
      [{}, 5000],
      [{ interval: 'year' }, 50_000],
      [{ planId: LARGE.planId }, 10_000],
    ] as const;

    const converted = await Promise.all(cases.map(([wish]) => convert(wish)));

    for (const { trial, planned } of converted) {
      expect(trial.price.amount).to.equal(5000);
      expect(planned).to.include({ kind: 'conversion', country: 'SN' });
    }
    const amounts = cases.map(([, amount]) => [amount]);
    expect(converted.map(({ planned }) => pricesOf(planned))).to.deep.equal(amounts);
    expect(converted.map(({ command }) => pricesOf(command))).to.deep.equal(amounts);
    expect(converted.map(({ command }) => command.buyerCountry)).to.deep.equal(['SN', 'SN', 'SN']);
  });

  it('is as many as an operator gives to try, in the country they say', async () => {
    const begun = await byOperator({ quantity: 5, country: 'SN' });
    const { subscription } = Begun.parse(begun.body);

    const planned = await preview(subscription.accountId, subscription.id, {});

    expect(must(subscription.items[0], 'an item').quantity).to.equal(5);
    expect(subscription.price.amount).to.equal(25_000);
    expect(planned.country).to.equal('SN');
    expect(planned.lines).to.have.length(1);
    expect(planned.lines[0]).to.deep.include({ quantity: 5, unitPrice: { amount: 5000, currency: 'XOF' } });
  });

  it('is refused for more than one invoice can carry', async () => {
    await suite.publish(
      planPublished({
        planId: 'pln_01j8zq4m7e8b2c3d4f5g6h7k07',
        planVersionId: 'plv_01j8zq4m7e8b2c3d4f5g6h7k07',
        key: 'dear',
        trialDays: 14,
        prices: [price('month', 900_000_000_000, null)],
      }),
    );

    const asked = await byOperator({ planId: 'pln_01j8zq4m7e8b2c3d4f5g6h7k07', quantity: 2 });

    expect(asked.status).to.equal(422);
    expect(codeOf(asked)).to.equal('subscription.amount_too_high');
  });
});
