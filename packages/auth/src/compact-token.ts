const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+$/;
const TOKEN_CHARACTERS_MAX = 8192;

/**
 * True for a compact JWS written in the one canonical way. Decoders forgive spaces and stray bits inside base64url, so
 * that many texts would carry one signature; here only one does.
 */
export const isCompactToken = (token: string): boolean =>
  token.length <= TOKEN_CHARACTERS_MAX && COMPACT.test(token) && token.split('.').every(isCanonical);

const isCanonical = (segment: string): boolean => Buffer.from(segment, 'base64url').toString('base64url') === segment;
