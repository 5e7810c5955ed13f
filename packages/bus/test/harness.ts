import { type MessageDefinition, type ServiceName } from '@quittance/contracts';

import { type Transport } from '../src/index.ts';

export interface TransportWish {
  readonly retryTiersMs?: readonly number[];
  readonly messages?: readonly MessageDefinition[];
  /** Of a proxy on 127.0.0.1 in front of the server. */
  readonly proxyPort?: number;
}

/** What a child process needs to reach the same queues. */
interface ChildWish {
  readonly kind: 'rabbit' | 'postgres';
  readonly url: string;
  readonly prefix: string;
  readonly leaseMs: number;
}

/** Queues that belong to one test alone, on some server. */
export interface Ground {
  /** Not yet started. Several of them meet on the same queues, as replicas do. */
  makeTransport(wish?: TransportWish): Transport;
  /** What a foreign sender may put on a service's queue: any bytes. */
  putBytes(service: ServiceName, message: { readonly messageId: string; readonly body: Buffer }): Promise<void>;
  readonly child: ChildWish;
  readonly server: { readonly host: string; readonly port: number };
  /** Leaves nothing behind. */
  clear(): Promise<void>;
}

/** A server that the test may stop and start: nobody else uses it. */
export interface OwnServer {
  makeGround(): Promise<Ground>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
}

/** The outside of one kind of transport. The contract suite knows nothing else about it. */
export interface Harness {
  readonly name: string;
  makeGround(): Promise<Ground>;
  /** Null where the server's programs are not installed. */
  readonly makeOwnServer: (() => Promise<OwnServer>) | null;
}

export const SHORT_TIERS_MS: readonly number[] = [40, 80];
