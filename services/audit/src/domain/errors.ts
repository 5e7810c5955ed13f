import { type ErrorTable, makeFail } from '@quittance/kernel';

export const auditErrors = {
  'audit.beyond_the_chain': {
    kind: 'invalid',
    title: 'The chain is not that long',
    remedy:
      'Verify from a sequence that is sealed already, at most one past `details.head`; without `from`, the whole chain.',
  },
} as const satisfies ErrorTable;

export const auditFail = makeFail(auditErrors);
