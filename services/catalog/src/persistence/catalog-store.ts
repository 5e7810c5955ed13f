import { versionedUpdate, write } from '@quittance/database';
import { assert, platformFail } from '@quittance/kernel';
import { isCurrency } from '@quittance/money';

import { type CatalogStore } from '../application/ports.ts';
import { type ExchangeRate } from '../domain/definition.ts';
import { type Catalog, type PlanVersion, type Product } from '../domain/plan.ts';
import { toRateText } from '../domain/rate-text.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { fromProductRow, fromVersionRow, productParts, versionParts } from './rows.ts';
import { insertProduct, updateProduct, writePlan, writeVersion } from './write-plan.ts';

const STATE = 1;

export const makeCatalogStore = (client: PrismaClient): CatalogStore => ({
  revision: () => readRevision(client),
  load: () => loadWhole(client),
  versionsOf: (plan, product, after = 0) => readVersions(client, { planId: plan.id, after }, product.prorationBasis),
  version: async (plan, product, id) => {
    const row = await client.planVersion.findUnique({ where: { id, planId: plan.id }, include: versionParts });
    return row && fromVersionRow(row, product.prorationBasis);
  },
  rates: async () => (await client.exchangeRate.findMany()).map(fromRateRow),
  moveOn: (from, to) =>
    write<Prisma.TransactionClient>((tx) =>
      versionedUpdate(
        tx.catalogState.updateMany({ where: { id: STATE, revision: from }, data: { revision: to } }),
        'The catalogue',
      ),
    ),
  insertProduct: (product) => write<Prisma.TransactionClient>((tx) => insertProduct(tx, product)),
  updateProduct: (product, expectedVersion) =>
    write<Prisma.TransactionClient>((tx) => updateProduct(tx, product, expectedVersion)),
  savePlan: (product, plan, expectedVersion) =>
    write<Prisma.TransactionClient>((tx) => writePlan(tx, { product, plan, expectedVersion })),
  addVersion: (plan) => write<Prisma.TransactionClient>((tx) => writeVersion(tx, plan)),
  replaceRates: (base, rates) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.exchangeRate.deleteMany({ where: { base } });
      await tx.exchangeRate.createMany({ data: rates.map(toRateRow) });
    }),
  addRates: (rates) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.exchangeRate.createMany({
        data: rates.map(toRateRow),
        skipDuplicates: true,
      });
    }),
});

const readRevision = async (client: PrismaClient): Promise<number> => {
  const state = await client.catalogState.findUniqueOrThrow({ where: { id: STATE } });
  return Number(state.revision);
};

const LOADS_MAX = 5;

/** The revision moves with every change, so the same one before and after says that nothing tore in between. */
const loadWhole = async (client: PrismaClient): Promise<Catalog> => {
  for (let loads = 0; loads < LOADS_MAX; loads += 1) {
    const revision = await readRevision(client);
    const products = await client.product.findMany({ include: productParts, orderBy: { id: 'asc' } });
    const currentIds = products.flatMap(({ plans }) => plans.flatMap(({ currentVersionId }) => currentVersionId ?? []));
    const versions = await client.planVersion.findMany({ where: { id: { in: currentIds } }, include: versionParts });
    if ((await readRevision(client)) !== revision) continue;
    const byId = new Map(versions.map((version) => [version.id, version]));
    return { revision, products: products.map((product) => fromProductRow(product, byId)) };
  }
  throw platformFail('platform.unavailable', 'The catalogue is being changed; it could not be read in one piece.');
};

const VERSIONS_AT_ONCE = 20;

async function* readVersions(
  client: PrismaClient,
  from: { readonly planId: string; readonly after: number },
  basis: Product['prorationBasis'],
): AsyncGenerator<PlanVersion> {
  const { planId } = from;
  for (let { after } = from; ;) {
    const rows = await client.planVersion.findMany({
      where: { planId, number: { gt: after } },
      include: versionParts,
      orderBy: { number: 'asc' },
      take: VERSIONS_AT_ONCE,
    });
    for (const row of rows) yield fromVersionRow(row, basis);
    const last = rows.at(-1);
    if (last === undefined || rows.length < VERSIONS_AT_ONCE) return;
    after = last.number;
  }
}

const DIGITS = 8;

const fromRateRow = (row: Prisma.ExchangeRateGetPayload<object>): ExchangeRate => {
  const { base, quote } = row;
  assert(isCurrency(base) && isCurrency(quote), `rate ${base} → ${quote} is not between currencies`);
  return { base, quote, rateE8: BigInt(row.rate.toFixed(DIGITS).replace('.', '')), asOf: row.asOf };
};

const toRateRow = ({ base, quote, rateE8, asOf }: ExchangeRate) => ({ base, quote, rate: toRateText(rateE8), asOf });
