import { type SuiteFacts } from './suite-environment.ts';

/** The one short screen: where to click, who to log in as, what to curl, how to stop. */
export const welcome = (facts: SuiteFacts, seconds: string): string => `
Quittance is ready after ${seconds} s, over ${facts.rabbitUrl === null ? 'the PostgreSQL transport' : 'RabbitMQ'}${facts.stripe === null ? '' : ', with Stripe itself'}.

  Click     ${facts.gatewayUrl}            pricing, then buy a plan
            ${facts.gatewayUrl}/billing    my billing page
            ${facts.gatewayUrl}/payments   payments and their audit trail, for operators
            ${facts.gatewayUrl}/docs       the API

  Log in    without a password: Amal or Bruno (customers), a new customer, or Finance (operator)
  Pay with  4242 4242 4242 4242 (succeeds) or 4000 0000 0000 0002 (declines), any date and CVC

  curl      TOKEN=$(curl -s ${facts.sandboxUrl}/token/whatsapp-qr)
            curl -s ${facts.gatewayUrl}/v1/entitlements/check -H "Authorization: Bearer $TOKEN" \\
              -H 'Content-Type: application/json' -d '{"account":"acc_atlas","product":"automation"}'

  Stop      Ctrl-C. The data stays; start with --fresh to begin again.

`;
