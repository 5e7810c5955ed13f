import { type Permission } from '@quittance/kernel';
import { z } from 'zod';

import { type ServiceName } from './service-name.ts';

/** Who may call: anybody; a provider that signs its body; or a token with at least one of these permissions. */
export type Access = 'public' | 'signed' | { readonly anyOf: readonly [Permission, ...Permission[]] };

/**
 * Which bucket of the gateway's rate limit a call is counted in.
 * `check` is the hot entitlement path, `webhook` is counted per provider address.
 */
export type RateClass = 'public' | 'read' | 'write' | 'check' | 'webhook';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One route as data. Everything a reviewer asks of a route is a required field, or it does not compile. */
export interface HttpContract<
  Params = unknown,
  Query = unknown,
  Body = unknown,
  Answer = unknown,
  Asked extends Access = Access,
> {
  readonly name: string;
  readonly service: ServiceName;
  readonly method: HttpMethod;
  /** Express form, `/v1/things/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Asked;
  /** The audit action that a success records; `none` only where nothing changes. */
  readonly audit: `${string}.${string}` | 'none';
  /** `required`: a POST that creates or moves. `none`: reads, checks, previews, verify, webhooks. */
  readonly idempotency: 'required' | 'none';
  /** `required`: an edited document, saved only over the version that was read. `optional`: for callers who say which. */
  readonly ifMatch?: 'required' | 'optional';
  /** What the ETag of its answer stands for; none is sent without. */
  readonly etag?: string;
  /** Request headers that its answer depends on, and how. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly rate: RateClass;
  /** Success status. A 202 may be answered as well where the outcome is still on its way. */
  readonly status: 200 | 201 | 202 | 204;
  readonly params: z.ZodType<Params>;
  readonly query: z.ZodType<Query>;
  readonly body: z.ZodType<Body> | 'none' | 'raw';
  readonly bodyBytesMax: number;
  /** The media types of an answer that is a file instead of JSON; its schema is then a string. */
  readonly files?: readonly string[];
  readonly answer: z.ZodType<Answer>;
}

/** Of a route that has no parameters. */
export const NOTHING = z.strictObject({});
type Nothing = z.infer<typeof NOTHING>;
/** A provider calls the address that was registered there, with whatever query it was given. */
const whatever = z.looseObject({});

interface Spec<Params, Query, Body, Answer, Asked extends Access> {
  readonly name: string;
  readonly service: ServiceName;
  readonly method: HttpMethod;
  readonly path: `/${string}`;
  readonly summary: string;
  readonly access: Asked;
  readonly audit: `${string}.${string}` | 'none';
  readonly idempotency: 'required' | 'none';
  readonly ifMatch?: 'required' | 'optional';
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly rate: RateClass;
  readonly status?: 200 | 201 | 202 | 204;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body> | 'none' | 'raw';
  readonly bodyBytesMax?: number;
  readonly files?: readonly string[];
  readonly answer: z.ZodType<Answer>;
}

const BODY_BYTES_DEFAULT = 32 * 1024;

/** A raw body reaches its handler byte for byte, because a provider signed it. */
type RawSpec<Params, Query, Answer, Asked extends Access> = Spec<Params, Query, never, Answer, Asked> & {
  readonly body: 'raw';
};

export function httpContract<Answer, const Asked extends Access, Params = Nothing, Query = Nothing>(
  spec: RawSpec<Params, Query, Answer, Asked>,
): HttpContract<Params, Query, Buffer, Answer, Asked>;
export function httpContract<Answer, const Asked extends Access, Params = Nothing, Query = Nothing, Body = undefined>(
  spec: Spec<Params, Query, Body, Answer, Asked>,
): HttpContract<Params, Query, Body, Answer, Asked>;
export function httpContract(spec: Spec<unknown, unknown, unknown, unknown, Access>): HttpContract {
  return {
    ...spec,
    status: spec.status ?? 200,
    params: spec.params ?? NOTHING,
    query: spec.query ?? (spec.body === 'raw' ? whatever : NOTHING),
    body: spec.body ?? 'none',
    bodyBytesMax: spec.bodyBytesMax ?? BODY_BYTES_DEFAULT,
  };
}
