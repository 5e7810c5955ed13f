import { write } from '@quittance/database';
import { assert, isAccountId, isId, must } from '@quittance/kernel';

import { type Handoffs } from '../application/index.ts';
import { gatewayFail } from '../domain/errors.ts';
import { type Handoff } from '../domain/handoff.ts';
import { type Handoff as Row, type Prisma, type PrismaClient } from './generated/client.ts';

export const makeHandoffs = (client: PrismaClient): Handoffs => ({
  insert: ({ id, accountId, owner, order, endsAt }, codeHash, createdAt) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.handoff.create({ data: { id, codeHash, accountId, owner, ...order, endsAt, createdAt } });
    }),

  findByCode: async (codeHash, now) => {
    const row = await client.handoff.findFirst({ where: { codeHash, endsAt: { gt: now } } });
    return row && fromRow(row);
  },

  open: ({ codeHash, sessionHash, endsAt, now }) =>
    write<Prisma.TransactionClient>(async (tx) => {
      const { count } = await tx.handoff.updateMany({
        where: { codeHash, endsAt: { gt: now } },
        data: { codeHash: null, sessionHash, endsAt },
      });
      if (count !== 1) throw gatewayFail('gateway.handoff_spent', 'This link was used a moment ago.');
    }),

  findBySession: async (sessionHash, now) => {
    const row = await client.handoff.findFirst({ where: { sessionHash, endsAt: { gt: now } } });
    return row && fromRow(row);
  },

  forgetEnded: (now) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.handoff.deleteMany({ where: { endsAt: { lte: now } } });
    }),
});

const fromRow = ({ id, accountId, owner, planId, endsAt, ...row }: Row): Handoff => {
  assert(isAccountId(accountId), `handoff ${id} has no account id`);
  const { interval, currency, country, language, successUrl, cancelUrl } = row;
  return {
    id: must(isId('hnd', id) ? id : null, `id of handoff ${id}`),
    accountId,
    owner,
    endsAt,
    order: {
      planId: must(isId('pln', planId) ? planId : null, `plan of handoff ${id}`),
      interval,
      currency,
      country,
      language,
      successUrl,
      cancelUrl,
    },
  };
};
