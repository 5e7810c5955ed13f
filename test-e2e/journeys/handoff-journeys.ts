import { randomUUID } from 'node:crypto';

import { CreateHandoff, ListAuditRecords, OpenHandoffCheckout, UseHandoff } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { ApiProblem, CARDS, until } from '@quittance/local';
import { expect } from 'chai';

import { type Shop } from '../support/shop.ts';

const ORDER = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;
const PAGES = { successUrl: 'https://accounts.example/done', cancelUrl: 'https://accounts.example/upgrade' };

/** The same hand-offs over every transport. */
export const describeHandoffs = (shop: Shop): void => {
  describe('a hand-off from another service into checkout', function () {
    this.timeout(60_000);
    handoffs(shop);
  });
};

const handoffs = ({ shopper }: Shop): void => {
  let accountManager: string;

  before(async () => {
    accountManager = await shopper().token('account-manager');
  });

  const handOff = async (account: string) => {
    const body = { account, owner: `usr_of_${account}`, ...ORDER, ...PAGES };
    const link = await shopper().call(CreateHandoff, { token: accountManager, body });
    return { ...link, code: new URL(link.url).hash.slice(1) };
  };
  const use = (code: string) => shopper().call(UseHandoff, { body: { code } });
  const open = (session: string) => shopper().call(OpenHandoffCheckout, { token: session });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof ApiProblem ? error.code : String(error)),
    );

  it('sells the plan without a login, to the account and in the name it was made for', async () => {
    const account = `acc_${randomUUID()}`;
    const { id, code } = await handOff(account);

    const { session } = await use(code);
    const checkout = await until(
      'the payment page',
      () => open(session),
      ({ payUrl }) => payUrl !== null,
    );
    await shopper().pay(must(checkout.payUrl, 'pay url'), CARDS.succeeds);

    const service = await shopper().token('whatsapp-qr');
    const check = () => shopper().check(service, { account, product: ORDER.product });
    const answer = await until('the entitlement', check, ({ allowed }) => allowed);
    const operator = await shopper().token('finance');
    const trail = (query: Record<string, string>) => shopper().call(ListAuditRecords, { token: operator, query });
    const told = await until(
      'the records of the hand-off',
      () => trail({ correlation: id }),
      ({ data }) => data.length === 2,
    );
    const { data: bought } = await trail({ correlation: checkout.id, action: 'checkout.created' });
    expect(answer).to.include({ plan: 'pro', reason: 'entitled' });
    expect(checkout.accountId).to.equal(account);
    expect(told.data.map(({ action, accountId }) => [action, accountId])).to.deep.equal([
      ['handoff.created', account],
      ['handoff.used', account],
    ]);
    expect(told.data[0]?.actor).to.deep.equal({ kind: 'service', id: 'account-manager' });
    expect(bought[0]?.actor).to.deep.equal({ kind: 'customer', id: `usr_of_${account}` });
    expect(JSON.stringify([told, bought])).not.to.contain(code);
  });

  it('opens once: of fifty browsers at once one, and none after it', async () => {
    const { code } = await handOff(`acc_${randomUUID()}`);

    const outcomes = await Promise.all(Array.from({ length: 50 }, () => codeOf(use(code))));

    expect(outcomes.filter((outcome) => outcome === 'none')).to.have.length(1);
    expect(outcomes.filter((outcome) => outcome === 'gateway.handoff_spent')).to.have.length(49);
    expect(await codeOf(use(code))).to.equal('gateway.handoff_spent');
  });

  it('is not spent by whoever only looks at the link', async () => {
    const { url, code } = await handOff(`acc_${randomUUID()}`);

    const looks = await Promise.all(['GET', 'HEAD'].map((method) => fetch(url, { method })));

    expect(looks.map(({ status }) => status)).to.deep.equal([200, 200]);
    expect(await codeOf(use(code))).to.equal('none');
  });

  it('lets nobody into another account, nor further than its checkout', async () => {
    const victim = `acc_${randomUUID()}`;
    const { session: theirs } = await use((await handOff(victim)).code);
    const { session: mine } = await use((await handOff(`acc_${randomUUID()}`)).code);
    const [{ id: foreign }, { id: own }] = [await open(theirs), await open(mine)];

    const statuses = await Promise.all(
      [
        `/v1/checkout-sessions/${foreign}`,
        `/v1/checkout-sessions/${own}`,
        '/v1/billing',
        `/v1/billing?account=${victim}`,
      ].map(async (path) => (await shopper().request(path, { token: mine })).status),
    );

    expect(own).not.to.equal(foreign);
    expect(statuses).to.deep.equal([403, 403, 403, 403]);
    expect((await open(mine)).id).to.equal(own);
  });
};
