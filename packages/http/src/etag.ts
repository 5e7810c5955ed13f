import { platformFail } from '@quittance/kernel';

/**
 * Goes on only when the caller changes what it has read: If-Match must name the present version of the document, and
 * a weak tag (`W/…`) names none.
 *
 * @throws platform.if_match_required, platform.version_conflict (`details.etag` is the present one)
 */
export const requireIfMatch = (header: string | null, etag: string): void => {
  if (header === null) throw platformFail('platform.if_match_required', 'If-Match is missing.');
  if (tagsOf(header).some((tag) => names(tag, etag))) return;
  throw platformFail('platform.version_conflict', 'The document was changed since it was read.', { details: { etag } });
};

/** The same for callers who say what they have read; whoever says nothing goes on. @throws platform.version_conflict */
export const checkIfMatch = (header: string | null, etag: string): void => {
  if (header !== null) requireIfMatch(header, etag);
};

/** True when an If-None-Match header holds this tag; weak tags compare equal, `*` matches anything. */
export const etagMatches = (header: string, etag: string): boolean =>
  tagsOf(header).some((tag) => names(tag.replace(/^W\//, ''), etag));

const tagsOf = (header: string): readonly string[] => header.split(',').map((tag) => tag.trim());

/** As RFC 9110 compares them strongly: a weak tag names no version. */
const names = (tag: string, etag: string): boolean => tag === '*' || tag === `"${etag}"`;
