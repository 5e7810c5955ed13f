import { assert, platformFail, type Write } from '@quittance/kernel';

/** What a Prisma transaction of any generated client has in common: raw SQL. */
export interface RawTransaction {
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
  $queryRawUnsafe(sql: string, ...values: unknown[]): Promise<unknown>;
}

/**
 * A change for the unit of work to run in its transaction. `Tx` is the service's own generated transaction client:
 * `write<Prisma.TransactionClient>(async (tx) => { await tx.order.create({ data }); })`.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names its own client here
export const write = <Tx = RawTransaction>(run: (transaction: Tx) => Promise<void>): Write => ({
  run: (transaction) => {
    assert(isTransaction<Tx>(transaction), 'a write runs only inside the unit of work');
    return run(transaction);
  },
});

/**
 * Awaits an update guarded by `version` (or any state it must find) and throws `platform.version_conflict` when it
 * touched nothing, so that the whole commit is undone. `what` names the row for the person who reads the error.
 */
export const versionedUpdate = async (
  update: Promise<number | { readonly count: number }>,
  what: string,
): Promise<void> => {
  const result = await update;
  const count = typeof result === 'number' ? result : result.count;
  if (count === 0) throw platformFail('platform.version_conflict', `${what} was changed by somebody else meanwhile.`);
};

/** A version only grows, also past a restored backup: max(previous + 1, wall clock in ms). A new row has previous 0. */
export const nextVersion = (previous: number, nowMs: number): number => Math.max(previous + 1, nowMs);

/** The client is the service's own generated type: only its shape at this boundary can be checked. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
const isTransaction = <Tx>(value: unknown): value is Tx =>
  typeof value === 'object' && value !== null && '$executeRawUnsafe' in value;
