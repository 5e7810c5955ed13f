import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface WebhookTap {
  readonly url: string;
  /** Resolves with the moment (performance.now) the next webhook of this type has arrived whole. */
  next(type: string): Promise<number>;
  stop(): Promise<void>;
}

/** Stands between the provider and our door, hands every byte on unchanged, and notes when it came. */
export const startWebhookTap = async (target: string): Promise<WebhookTap> => {
  const waiting = new Map<string, PromiseWithResolvers<number>>();
  const slot = (type: string): PromiseWithResolvers<number> => {
    const known = waiting.get(type) ?? Promise.withResolvers<number>();
    waiting.set(type, known);
    return known;
  };
  const arrived = (type: string): void => {
    waiting.get(type)?.resolve(performance.now());
    waiting.delete(type);
  };
  const server = createServer((request, response) => {
    const hand = async (): Promise<void> => {
      const body = await buffer(request);
      const type = /"type":\s*"([a-z_.]+)"/.exec(body.toString('utf8'))?.[1];
      if (type !== undefined) arrived(type);
      const answer = await fetch(target, {
        method: 'POST',
        headers: {
          'content-type': request.headers['content-type'] ?? 'application/json',
          'stripe-signature': String(request.headers['stripe-signature']),
        },
        body,
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    };
    hand().catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/webhooks/stripe`,
    next: (type) => slot(type).promise,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
