import { type StripeCall } from './call.ts';
import { newStripeId } from './ids.ts';
import { insertObject, readObject } from './objects.ts';
import { type PortalSession } from './portal-session.ts';
import { missingObject } from './stripe-error.ts';

/** The one configuration that is saved here; another is as unknown as at Stripe. */
const CONFIGURATION = 'bpc_sandbox';

export const createPortalSession = async (call: StripeCall): Promise<PortalSession> => {
  const customerId = call.params.needText('customer');
  const configuration = call.params.text('configuration') ?? CONFIGURATION;
  const returnUrl = call.params.text('return_url');
  if (configuration !== CONFIGURATION) throw missingObject('configuration', configuration, 'configuration');
  const customer = await readObject(call.tx, 'customer', customerId);
  if (customer === null) throw missingObject('customer', customerId, 'customer');
  const id = newStripeId('bps', 24);
  const session: PortalSession = {
    id,
    object: 'billing_portal.session',
    configuration,
    created: call.nowS,
    customer: customerId,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: returnUrl,
    url: `${call.publicUrl}/portal/${id}`,
  };
  await insertObject(call.tx, session, null);
  return session;
};
