import { expect } from 'chai';

import { accountOf, anOpenInvoice, definitions, envelopeOf } from '../builders/messages.ts';
import { FAIL_FIRST_COMMIT, type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

const { OpenInvoice, RememberBuyer } = definitions;

describe('where an imported account is taxed', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
    await invoicing.asOwner(FAIL_FIRST_COMMIT);
  });
  after(() => invoicing.stop());

  const countries = (accountId: string) =>
    invoicing.rows('SELECT country, currency FROM billing_profiles WHERE account_id = $1', accountId);
  const renewalOf = (account: string) => ({
    ...anOpenInvoice({ accountId: accountOf(account), collect: { kind: 'automatic' }, buyerCountry: null }),
    kind: 'renewal' as const,
    checkoutId: null,
  });
  const taxesOf = async (accountId: string) => {
    const found = await invoicing.rows('SELECT buyer_country FROM invoices WHERE account_id = $1', accountId);
    return found.map((row) => row['buyer_country']);
  };

  it('first delivery: its first renewal is taxed there', async () => {
    const accountId = accountOf('acc-from-ireland');
    await invoicing.deliver([envelopeOf(RememberBuyer, { accountId, country: 'IE', currency: 'EUR' })]);
    await invoicing.deliver([envelopeOf(OpenInvoice, renewalOf(accountId))]);

    expect(await countries(accountId)).to.deep.equal([{ country: 'IE', currency: 'EUR' }]);
    expect(await taxesOf(accountId)).to.deep.equal(['IE']);
    expect((await invoicing.sent(accountId)).map(({ data }) => data['action'])).to.deep.equal([
      'billing_profile.begun',
    ]);
  });

  it('redelivery, and another import: what stands there stays, and is recorded once', async () => {
    const accountId = accountOf('acc-known');
    const first = envelopeOf(RememberBuyer, { accountId, country: 'IE', currency: 'EUR' });
    await invoicing.deliver([first]);
    await invoicing.deliver([first, envelopeOf(RememberBuyer, { accountId, country: 'DE', currency: 'EUR' })]);

    expect(await countries(accountId)).to.deep.equal([{ country: 'IE', currency: 'EUR' }]);
    expect(await invoicing.sent(accountId)).to.have.length(1);
  });

  it('invalid payload: a dead letter at once, and no profile', async () => {
    const envelope = envelopeOf(RememberBuyer, { accountId: 'acc-broken', country: 'Ireland', currency: 'EUR' });
    await invoicing.deliver([envelope]);

    expect(await invoicing.settled(envelope.id)).to.equal('dead');
    expect(await countries('acc-broken')).to.deep.equal([]);
  });

  it('transient failure: tried again, remembered once', async () => {
    const accountId = accountOf('acc-flaky');
    const data = { accountId, country: 'IE', currency: 'EUR' };
    const envelope = envelopeOf(RememberBuyer, data, { id: 'remember-buyer-flaky' });
    await invoicing.deliver([envelope]);

    expect(await invoicing.settled(envelope.id)).to.equal('handled');
    expect(await countries(accountId)).to.have.length(1);
    expect(await invoicing.sent(accountId)).to.have.length(1);
  });
});
