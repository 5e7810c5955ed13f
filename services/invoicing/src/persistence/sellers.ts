import { type Database, selectFrom } from '@quittance/database';
import { assert, must } from '@quittance/kernel';

import { type Sellers } from '../application/ports.ts';
import { formatRegistration, parseRegistration, type Registration, type Seller } from '../domain/seller.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';

const SELLERS = { table: 'seller_entities', fields: Prisma.SellerEntityScalarFieldEnum };

/** `currentId` names the configured seller; `save` has put it there before anything is sold. */
export const makeSellers = ({ read }: Pick<Database<PrismaClient>, 'read'>, currentId: string): Sellers => {
  const find = (id: string): Promise<Seller | null> =>
    read(async (ask) => {
      const [row] = await ask(selectFrom<Prisma.SellerEntityGetPayload<object>>(SELLERS, 'WHERE t.id = $1', [id]));
      return row === undefined ? null : fromRowSeller(row);
    });
  return { find, current: async () => must(await find(currentId), `seller ${currentId}`) };
};

/** Idempotent: the configuration is the truth about the seller; its number series and its invoices stay as they are. */
export const saveSeller = async (client: PrismaClient, seller: Seller): Promise<void> => {
  const { id, ...rest } = seller;
  const data = { ...rest, registrations: seller.registrations.map(formatRegistration) };
  await client.sellerEntity.upsert({ where: { id }, create: { id, ...data }, update: data });
};

const fromRowSeller = (row: Prisma.SellerEntityGetPayload<object>): Seller => ({
  ...row,
  registrations: row.registrations.map(fromRowRegistration),
});

const fromRowRegistration = (text: string): Registration => {
  const registration = parseRegistration(text);
  assert(registration, `not a registration: ${text}`);
  return registration;
};
