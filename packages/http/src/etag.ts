/** True when an If-None-Match header holds this tag; weak tags compare equal, `*` matches anything. */
export const etagMatches = (header: string, etag: string): boolean =>
  header
    .split(',')
    .map((candidate) => candidate.trim().replace(/^W\//, ''))
    .some((candidate) => candidate === '*' || candidate === `"${etag}"`);
