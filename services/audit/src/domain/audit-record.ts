import { type Actor, type AuditResult } from '@quittance/kernel';

export type Payload = Readonly<Record<string, unknown>>;

/** One action as another service told it. */
export interface Action {
  readonly id: string;
  /** The service that did it. */
  readonly service: string;
  readonly action: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly accountId: string | null;
  readonly actor: Actor;
  readonly result: AuditResult;
  readonly reason: string | null;
  /** How many like it this record stands for. */
  readonly count: number;
  readonly correlationId: string;
  readonly requestId: string | null;
  readonly sourceIp: string | null;
  readonly payload: Payload;
  /** Business time. */
  readonly occurredAt: Date;
}

/** What the chain covers: everything about the action but its payload, of which it covers the hash. */
export interface RecordCore extends Omit<Action, 'payload' | 'actor' | 'result'> {
  readonly actor: { readonly kind: string; readonly id: string };
  readonly result: string;
  readonly payloadHash: string;
  /** Wall time. */
  readonly recordedAt: Date;
}

/** A record as it is shown. */
export interface AuditRecord extends RecordCore {
  /** Null once erased. */
  readonly payload: Payload | null;
  /** Null until sealed. */
  readonly seal: { readonly sequence: number; readonly prevHash: string; readonly hash: string } | null;
}
