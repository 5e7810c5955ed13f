import { type ErrorTable, makeFail } from '@quittance/kernel';

export const gatewayErrors = {
  'entitlements.unknown': {
    kind: 'unavailable',
    title: 'It is not known what this account may use',
    remedy: 'Treat it as no and ask again in a few seconds; `details.asOf` says up to when it was known.',
  },
  'gateway.plan_not_sold': {
    kind: 'refused',
    title: 'This plan cannot be bought like that',
    remedy: 'See `GET /v1/pricing`: product, plan, interval and currency must be on sale, and not by contact only.',
  },
  'gateway.handoff_spent': {
    kind: 'refused',
    title: 'This link was used before, has expired, or was never given',
    remedy: 'Go back to where you pressed the button and press it again: a new link is made.',
  },
  'gateway.not_an_upgrade': {
    kind: 'refused',
    title: 'That would be less than the subscription has',
    remedy: 'Ask `POST /api/billing/downgrade` for less, or change it by `POST /v1/subscriptions/:id/change`.',
  },
  'gateway.not_a_downgrade': {
    kind: 'refused',
    title: 'That would be more than the subscription has',
    remedy: 'Ask `POST /api/billing/upgrade` for more, or change it by `POST /v1/subscriptions/:id/change`.',
  },
} as const satisfies ErrorTable;

export const gatewayFail = makeFail(gatewayErrors);
