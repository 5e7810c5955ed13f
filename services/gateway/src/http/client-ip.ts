import { isIP } from 'node:net';

/** As much of a request as says where it came from. */
interface Arrived {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * The caller’s address. Each trusted proxy appends who it saw to X-Forwarded-For, so the address that many places from
 * the right is the last one a stranger cannot have written. With no proxy the header is not looked at.
 */
export const makeClientIp =
  (trustedProxyHops: number) =>
  ({ headers, socket }: Arrived): string | null => {
    const peer = socket.remoteAddress ?? null;
    if (trustedProxyHops === 0) return peer;
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    const claimed = forwarded.at(-trustedProxyHops)?.trim() ?? '';
    return isIP(claimed) === 0 ? peer : claimed;
  };
