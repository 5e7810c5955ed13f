import { assert, must } from '@quittance/kernel';

import { type Sellers } from '../application/ports.ts';
import { formatRegistration, parseRegistration, type Registration, type Seller } from '../domain/seller.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';

/** `currentId` names the configured seller; `save` has put it there before anything is sold. */
export const makeSellers = (client: PrismaClient, currentId: string): Sellers => {
  const find = async (id: string): Promise<Seller | null> => {
    const row = await client.sellerEntity.findUnique({ where: { id } });
    return row && fromRowSeller(row);
  };
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
