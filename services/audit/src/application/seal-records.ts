import { type Digest, sealAll } from '../domain/chain.ts';
import { type Chain } from './ports.ts';

/** One round of the sealer: numbers and links what waits. Answers whether there may be more. */
export type SealRecords = () => Promise<'again' | 'idle'>;

const BATCH = 500;

export const makeSealRecords = (deps: {
  readonly chain: Chain;
  readonly digest: Digest;
  /** Wraps the transaction that makes seals durable. */
  readonly durably: <T>(work: () => Promise<T>) => Promise<T>;
}): SealRecords => {
  const { chain, digest, durably } = deps;
  let more = false;
  return async () => {
    if (!more && !(await chain.hasUnsealed())) return 'idle';
    const sealed = await durably(() => chain.sealBatch(BATCH, (head, records) => sealAll(head, records, digest)));
    more = sealed === BATCH;
    return more ? 'again' : 'idle';
  };
};
