/** What is asked of another system, bounded in time and size; no redirects are followed. */
export interface JsonRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form, by POST. */
  readonly form?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly bytesMax: number;
}

/** Rejects for anything but a 200 with one JSON document within time and size. Its errors hold no header of ours. */
export const fetchJson = async (request: JsonRequest): Promise<unknown> => {
  const response = await fetch(request.url, {
    method: request.form === undefined ? 'GET' : 'POST',
    headers: { accept: 'application/json', ...request.headers },
    ...(request.form === undefined ? {} : { body: new URLSearchParams({ ...request.form }) }),
    redirect: 'error',
    signal: AbortSignal.timeout(request.timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${new URL(request.url).host} answered ${response.status}`);
  }
  const json: unknown = JSON.parse(await readBounded(response, request.bytesMax));
  return json;
};

const readBounded = async (response: Response, bytesMax: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`the answer is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
