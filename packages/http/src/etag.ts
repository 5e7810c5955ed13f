import { platformFail } from '@quittance/kernel';

/**
 * Goes on only when the caller changes what it has read: If-Match must name the present version of the document.
 *
 * @throws platform.if_match_required, platform.version_conflict (`details.etag` is the present one)
 */
export const requireIfMatch = (header: string | null, etag: string): void => {
  if (header === null) throw platformFail('platform.if_match_required', 'If-Match is missing.');
  if (etagMatches(header, etag)) return;
  throw platformFail('platform.version_conflict', 'The document was changed since it was read.', { details: { etag } });
};

/** The same for callers who say what they have read; whoever says nothing goes on. @throws platform.version_conflict */
export const checkIfMatch = (header: string | null, etag: string): void => {
  if (header !== null) requireIfMatch(header, etag);
};

/** True when an If-None-Match header holds this tag; weak tags compare equal, `*` matches anything. */
export const etagMatches = (header: string, etag: string): boolean =>
  header
    .split(',')
    .map((candidate) => candidate.trim().replace(/^W\//, ''))
    .some((candidate) => candidate === '*' || candidate === `"${etag}"`);
