import { type ErrorTable, makeFail } from '@quittance/kernel';

export const auditErrors = {
  'audit.invalid_cursor': {
    kind: 'invalid',
    title: 'The cursor is none of ours',
    remedy: 'Send `after` exactly as `nextCursor` gave it, or leave it out to start again.',
  },
} as const satisfies ErrorTable;

export const auditFail = makeFail(auditErrors);
