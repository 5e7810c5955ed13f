/** What a handler gives back; the app turns it into bytes. */
export interface Answer<Data> {
  readonly status: 200 | 201 | 202 | 204;
  readonly data: Data | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Entity tag without quotes; a GET whose If-None-Match holds it answers 304. */
  readonly etag: string | null;
  /** Of a file, whose data is its text; null where the data is sent as JSON. */
  readonly mediaType: string | null;
}

export interface AnswerOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly etag?: string;
}

const answer = <Data>(
  status: Answer<Data>['status'],
  data: Data | undefined,
  options: AnswerOptions,
): Answer<Data> => ({
  status,
  data,
  headers: options.headers ?? {},
  etag: options.etag ?? null,
  mediaType: null,
});

export const ok = <Data>(data: Data, options: AnswerOptions = {}): Answer<Data> => answer(200, data, options);

/** A text to be saved under this name, which has letters, digits, dots and hyphens only. */
export const file = (
  text: string,
  { mediaType, name, ...options }: AnswerOptions & { readonly mediaType: string; readonly name: string },
): Answer<string> => {
  const headers = { ...options.headers, 'content-disposition': `attachment; filename="${name}"` };
  return { ...answer(200, text, { ...options, headers }), mediaType };
};

export const created = <Data>(data: Data, options: AnswerOptions = {}): Answer<Data> => answer(201, data, options);

/** Begun and not finished: the body says where to look. */
export const accepted = <Data>(data: Data, options: AnswerOptions = {}): Answer<Data> => answer(202, data, options);

export const noContent = (options: AnswerOptions = {}): Answer<never> => answer<never>(204, undefined, options);
