import { type ErrorTable, makeFail } from '@quittance/kernel';

export const gatewayErrors = {
  'entitlements.unknown': {
    kind: 'unavailable',
    title: 'It is not known what this account may use',
    remedy: 'Treat it as no and ask again in a few seconds; `details.asOf` says up to when it was known.',
  },
} as const satisfies ErrorTable;

export const gatewayFail = makeFail(gatewayErrors);
