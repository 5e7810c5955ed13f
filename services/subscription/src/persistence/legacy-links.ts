import { versionedUpdate, write } from '@quittance/database';

import { type LegacyLinks } from '../application/index.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { id } from './row-values.ts';

export const makeLegacyLinks = (client: PrismaClient): LegacyLinks => ({
  find: async (source, reference) => {
    const row = await client.legacyLink.findUnique({ where: { source_reference: { source, reference } } });
    return (
      row && {
        source,
        reference,
        subscriptionId: id('sub', row.subscriptionId),
        reportVersion: Number(row.reportVersion),
        fingerprint: row.fingerprint,
      }
    );
  },

  insert: (link) =>
    write<Prisma.TransactionClient>(async (tx) => {
      const data = [{ ...link, reportVersion: BigInt(link.reportVersion) }];
      await versionedUpdate(tx.legacyLink.createMany({ data, skipDuplicates: true }), nameOf(link));
    }),

  heard: (link, reportVersion) =>
    write<Prisma.TransactionClient>((tx) =>
      versionedUpdate(
        tx.legacyLink.updateMany({
          where: { source: link.source, reference: link.reference, reportVersion: BigInt(link.reportVersion) },
          data: { reportVersion: BigInt(reportVersion) },
        }),
        nameOf(link),
      ),
    ),
});

const nameOf = ({ source, reference }: { readonly source: string; readonly reference: string }): string =>
  `What ${source} calls ${reference}`;
