import { write } from '@quittance/database';
import { assert, isAccountId } from '@quittance/kernel';

import { type ParkedWork } from '../application/index.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';

export const makeParkedWork = (client: PrismaClient): ParkedWork => ({
  park: (item) =>
    write<Prisma.TransactionClient>(async (tx) => {
      const { subject, ...row } = item;
      const data = [{ ...row, subjectType: subject.type, subjectId: subject.id, resolvedAt: null }];
      await tx.parkedWork.createMany({ data, skipDuplicates: true });
    }),

  listOpen: async (limit) => {
    const rows = await client.parkedWork.findMany({
      where: { resolvedAt: null },
      orderBy: { since: 'asc' },
      take: limit,
    });
    return rows.map(({ id, code, message, subjectType, subjectId, accountId, correlationId, since }) => {
      assert(accountId === null || isAccountId(accountId), `not an account id: ${accountId}`);
      const subject = { type: subjectType, id: subjectId };
      return { id, code, message, subject, accountId, correlationId, since };
    });
  },
});
