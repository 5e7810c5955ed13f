import { type ErrorTable, makeFail } from '@quittance/kernel';

export const auditErrors = {
  'audit.invalid_cursor': {
    kind: 'invalid',
    title: 'The cursor is none of ours',
    remedy: 'Send `after` exactly as `nextCursor` gave it, or leave it out to start again.',
  },
  'audit.beyond_the_chain': {
    kind: 'invalid',
    title: 'The chain is not that long',
    remedy:
      'Verify from a sequence that is sealed already, at most one past `details.head`; without `from`, the whole chain.',
  },
} as const satisfies ErrorTable;

export const auditFail = makeFail(auditErrors);
