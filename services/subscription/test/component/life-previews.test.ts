import { ApiLifePreview, ApiSubscription } from '@quittance/contracts';
import { type AccountId, type Id } from '@quittance/kernel';
import { expect } from 'chai';
import { type z } from 'zod';

import { FREE } from '../fixtures.ts';
import {
  anAccount,
  codeOf,
  customer,
  LITE,
  lite,
  OPERATOR,
  Problem,
  subscriptionFor,
} from '../running-subscription.ts';

describe('previews of the steps of a life', () => {
  const suite = subscriptionFor([lite]);

  const bought = async (): Promise<{ account: AccountId; id: Id<'sub'> }> => {
    const account = anAccount();
    const id = await suite.buy(account);
    suite.ground.clock.advance({ days: 10 });
    return { account, id };
  };
  const urls = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no' };
  type One = Awaited<ReturnType<typeof bought>>;
  const take = ({ account, id }: One, step: string, body?: object) =>
    suite.ask(`/v1/subscriptions/${id}/${step}`, { as: customer(account), method: 'POST', body });
  const preview = async (one: One, step: string, body?: object) =>
    ApiLifePreview.parse((await take(one, `${step}/preview`, body)).body);
  /** The time of writing and its version are those of the step itself. */
  const lasting = ({ version: _version, ...subscription }: z.infer<typeof ApiSubscription>) => subscription;

  it('say what each step then does, and do nothing', async () => {
    const one = await bought();
    await take(one, 'change', { planId: LITE.planId });
    const steps: readonly [string, object?][] = [
      ['pause', {}],
      ['resume'],
      ['cancel', {}],
      ['resume'],
      ['cancel', { when: 'now' }],
    ];
    const undone: (string | undefined)[] = [];
    for (const [step, body] of steps) {
      const before = await suite.read(one.account, one.id);
      const shown = await preview(one, step, body);
      undone.push(shown.undoneChange?.kind);
      expect(await suite.read(one.account, one.id)).to.deep.equal(before);
      expect((await take(one, step, body)).status).to.equal(200);
      expect(lasting(await suite.read(one.account, one.id))).to.deep.equal(lasting(shown.afterwards));
    }
    expect(undone).to.deep.equal(['downgrade', undefined, undefined, undefined, undefined]);
  });

  it('tell an operator what is not refunded, and a customer that this is not theirs', async () => {
    const { account, id } = await bought();
    const ask = (as = OPERATOR) =>
      suite.ask(`/v1/subscriptions/${id}/status/preview`, { as, body: { status: 'cancelled' } });

    const shown = ApiLifePreview.parse((await ask()).body);
    const period = (await suite.read(account, id)).currentPeriod;
    const [start, end, now] = [period?.start, period?.end, shown.accessEndsAt].map((text) => Date.parse(text ?? ''));
    const left = ((end ?? 0) - (now ?? 0)) / ((end ?? 0) - (start ?? 0));

    // 99.00 × what is left of the month
    expect(shown.notRefunded).to.deep.equal({ amount: Math.round(9900 * left), currency: 'USD' });
    expect(shown.afterwards).to.include({ status: 'cancelled', nextCharge: null });
    expect((await ask(customer(account))).status).to.equal(403);
  });

  it('take the body of the step, and say whose place a reinstatement takes', async () => {
    const { account, id } = await bought();
    const status = (step: string, body: object) => suite.ask(`/v1/subscriptions/${id}/${step}`, { as: OPERATOR, body });
    const [cancelled, active] = ['cancelled', 'active'].map((to) => ({ status: to, reason: 'Asked for by mail.' }));
    expect((await take({ account, id }, 'pause/preview', { reason: 'Holidays.' })).status).to.equal(200);
    expect((await take({ account, id }, 'cancel/preview', { reason: 'Too dear.' })).status).to.equal(200);
    await status('status', cancelled ?? {});
    const free = { planId: FREE.planId, interval: 'month', currency: 'USD', ...urls };
    await suite.ask('/v1/checkout-sessions', { as: customer(account), body: free });

    const shown = ApiLifePreview.parse((await status('status/preview', active ?? {})).body);
    const done = await status('status', active ?? {});

    expect(shown.displaced).to.include({ planKey: 'free', status: 'cancelled' });
    expect(done.status).to.equal(200);
    expect(lasting(await suite.read(account, id))).to.deep.equal(lasting(shown.afterwards));
    const held = await suite.ask(`/v1/accounts/${account}/entitlements`, { as: customer(account) });
    expect(JSON.stringify(held.body)).to.include('"planKey":"pro"').and.not.to.include('"planKey":"free"');
  });

  it('refuse a reinstatement as it is refused: something that costs money has the place', async () => {
    const { account, id } = await bought();
    await take({ account, id }, 'cancel', { when: 'now' });
    const wish = { planId: LITE.planId, currency: 'USD' };
    const second = ApiSubscription.parse((await suite.ask('/v1/trials', { as: customer(account), body: wish })).body);
    const status = (step: string) =>
      suite.ask(`/v1/subscriptions/${id}/${step}`, { as: OPERATOR, body: { status: 'active', reason: 'A mistake.' } });

    const [shown, done] = [await status('status/preview'), await status('status')];

    expect([shown.status, codeOf(shown)]).to.deep.equal([422, 'subscription.already_subscribed']);
    expect(Problem.parse(shown.body).details).to.include({ subscriptionId: second.id });
    expect([done.status, codeOf(done)]).to.deep.equal([422, 'subscription.already_subscribed']);
  });

  it('tell of a period that stood still what they told before it did', async () => {
    const one = await bought();
    const notRefunded = async () => (await preview(one, 'cancel', { when: 'now' })).notRefunded;
    const before = await notRefunded();

    await take(one, 'pause', {});
    suite.ground.clock.advance({ days: 40 });
    expect(await notRefunded()).to.deep.equal(before);
    await take(one, 'resume');

    expect(await notRefunded()).to.deep.equal(before);
  });

  it('are refused where the step would be', async () => {
    const one = await bought();

    expect(codeOf(await take(one, 'resume/preview'))).to.equal('subscription.illegal_transition');
    const other = { account: anAccount(), id: one.id };
    expect((await take(other, 'cancel/preview', {})).status).to.equal(404);
  });
});
