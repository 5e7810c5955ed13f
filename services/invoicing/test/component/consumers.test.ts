import { type Envelope, type MessageDefinition } from '@quittance/contracts';
import { expect } from 'chai';

import { accountOf, anOpenInvoice, aPayment, aRenewal, definitions, envelopeOf } from '../builders/messages.ts';
import { FAIL_FIRST_COMMIT, type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

interface Consumer {
  readonly definition: MessageDefinition;
  /** A message that has an effect, and the id of the checkout or the subscription it is about. */
  readonly arrange: (invoicing: RunningInvoicing) => Promise<{ data: Envelope['data']; about: string | null }>;
  /** What its invoice is after it was handled once. */
  readonly status: string;
}

const account = accountOf('acc-consumers');

const anOpenedInvoice = async (invoicing: RunningInvoicing) => {
  const { order } = await invoicing.openInvoice({ accountId: account });
  return { order, checkoutId: order.checkoutId };
};

const consumers: readonly Consumer[] = [
  {
    definition: definitions.OpenInvoice,
    arrange: async () => {
      const data = anOpenInvoice({ accountId: account });
      return { data, about: data.checkoutId };
    },
    status: 'draft',
  },
  {
    definition: definitions.PaymentCompleted,
    arrange: async (invoicing) => {
      const { order, checkoutId } = await anOpenedInvoice(invoicing);
      return { data: aPayment(order), about: checkoutId };
    },
    status: 'paid',
  },
  {
    definition: definitions.OrderExpired,
    arrange: async (invoicing) => {
      const { order, checkoutId } = await anOpenedInvoice(invoicing);
      return { data: order, about: checkoutId };
    },
    status: 'void',
  },
  {
    definition: definitions.OrderFailed,
    arrange: async (invoicing) => {
      const { order, checkoutId } = await anOpenedInvoice(invoicing);
      return { data: { ...order, code: 'amount_too_small', message: 'The amount is too small.' }, about: checkoutId };
    },
    status: 'void',
  },
  {
    definition: definitions.CancelInvoice,
    arrange: async (invoicing) => {
      const { request, order } = await invoicing.openInvoice({ accountId: account });
      const { checkoutId } = order;
      const data = { checkoutId, subscriptionId: request.subscriptionId, reason: 'Replaced.' };
      return { data, about: checkoutId };
    },
    status: 'void',
  },
  {
    definition: definitions.CancelRenewalInvoice,
    arrange: async (invoicing) => {
      const { subscriptionId, ...request } = aRenewal({ accountId: account });
      await invoicing.deliver([envelopeOf(definitions.OpenInvoice, { ...request, subscriptionId })]);
      const data = { subscriptionId, periodStart: request.period.start, reason: 'Cancelled.' };
      return { data, about: subscriptionId };
    },
    status: 'void',
  },
];

/** Everything a second effect would change. */
const stateOf = async (invoicing: RunningInvoicing, about: string | null) => {
  const invoices = await invoicing.rows(
    `SELECT status, number, version::text,
      (SELECT count(*)::int FROM collection_orders o WHERE o.invoice_id = i.id) AS orders,
      (SELECT count(*)::int FROM payments p WHERE p.invoice_id = i.id) AS payments,
      (SELECT count(*)::int FROM journal_entries e WHERE e.invoice_id = i.id) AS entries,
      (SELECT count(*)::int FROM platform.outbox b WHERE b.subject = i.id) AS messages
    FROM invoices i WHERE $1 IN (checkout_id, subscription_id)`,
    about,
  );
  return { invoices };
};

describe('invoicing: every consumer', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
    await invoicing.asOwner(FAIL_FIRST_COMMIT);
  });
  after(() => invoicing.stop());

  for (const { definition, arrange, status } of consumers) {
    context(definition.type, () => {
      it('has its effect at the first delivery, and none at a redelivery', async () => {
        const { data, about } = await arrange(invoicing);
        const envelope = envelopeOf(definition, data);

        await invoicing.deliver([envelope]);
        const once = await stateOf(invoicing, about);
        await invoicing.deliver([envelope, envelopeOf(definition, data)]);

        expect(once.invoices).to.have.length(1);
        expect(once.invoices[0]?.['status']).to.equal(status);
        expect(await stateOf(invoicing, about)).to.deep.equal(once);
      });

      it('puts an invalid payload aside at once and changes nothing', async () => {
        const { data, about } = await arrange(invoicing);
        const before = await stateOf(invoicing, about);
        const envelope = envelopeOf(definition, { ...data, accountId: 7, checkoutId: 'not-an-id' });

        await invoicing.deliver([envelope]);

        expect(await invoicing.settled(envelope.id)).to.equal('dead');
        expect(await stateOf(invoicing, about)).to.deep.equal(before);
      });

      it('is tried again after a transient failure, and then has its effect once', async () => {
        const { data, about } = await arrange(invoicing);
        const envelope = envelopeOf(definition, data, { id: `${definition.type}-flaky` });

        await invoicing.deliver([envelope]);

        const { invoices } = await stateOf(invoicing, about);
        expect(await invoicing.settled(envelope.id)).to.equal('handled');
        expect(invoices.map((invoice) => invoice['status'])).to.deep.equal([status]);
      });
    });
  }

  context('that is asked for what cannot be had', () => {
    const card = anOpenInvoice().collect;
    const refusals: readonly [string, ReturnType<typeof anOpenInvoice>][] = [
      [
        'invoicing.rail_unavailable',
        anOpenInvoice({
          collect: {
            ...card,
            kind: 'checkout',
            rail: 'crypto',
            returnUrls: { success: 'https://a.example', cancel: 'https://a.example' },
          },
        }),
      ],
      ['invoicing.currency_unsupported', anOpenInvoice({ currency: 'JPY' })],
      ['invoicing.currency_mismatch', anOpenInvoice({ currency: 'USD' })],
    ];
    for (const [code, request] of refusals) {
      it(`is dead-lettered visibly with ${code}`, async () => {
        const envelope = envelopeOf(definitions.OpenInvoice, request);

        await invoicing.deliver([envelope]);

        const [letter] = await invoicing.rows(
          'SELECT reason FROM platform.dead_letters WHERE message_id = $1',
          envelope.id,
        );
        expect(letter?.['reason']).to.match(new RegExp(`^${code}: `));
        expect((await stateOf(invoicing, request.checkoutId)).invoices).to.deep.equal([]);
      });
    }

    it('refuses a second checkout for a period that is being paid', async () => {
      const { request } = await invoicing.openInvoice({ accountId: account });
      const second = { ...anOpenInvoice({ accountId: account }), subscriptionId: request.subscriptionId };
      const envelope = envelopeOf(definitions.OpenInvoice, second);

      await invoicing.deliver([envelope]);

      expect(await invoicing.settled(envelope.id)).to.equal('dead');
      expect((await stateOf(invoicing, second.checkoutId)).invoices).to.deep.equal([]);
    });
  });
});
