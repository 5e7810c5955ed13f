import { platformFail, type Secret } from '@quittance/kernel';
import { z } from 'zod';

import { fetchJson } from './fetch-json.ts';
import { refuseToken } from './refuse-token.ts';

/** AuthGate’s introspection endpoint (RFC 7662) and how we identify ourselves there. */
export interface Introspection {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
}

interface Rules {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  readonly clockSkewSeconds: number;
  readonly nowMs: number;
}

const Answer = z.looseObject({
  active: z.boolean(),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
});

const TIMEOUT_MS = 3000;
const BYTES_MAX = 64 * 1024;
const TOKEN_CHARACTERS_MAX = 2048;

/** What the issuer says of an opaque token, held to the same rules as a JWT. */
export const introspect = async (
  token: string,
  at: Introspection,
  rules: Rules,
): Promise<Record<string, unknown> & { exp: number }> => {
  if (token.length > TOKEN_CHARACTERS_MAX) throw refuseToken('malformed');
  const answer = await ask(token, at);
  const nowSeconds = rules.nowMs / 1000;
  if (!answer.active) throw refuseToken('inactive');
  if (answer.exp === undefined) throw refuseToken('claims');
  if (answer.exp + rules.clockSkewSeconds <= nowSeconds) throw refuseToken('expired');
  if (answer.nbf !== undefined && answer.nbf - rules.clockSkewSeconds > nowSeconds) throw refuseToken('not_yet_valid');
  if (answer.iss !== undefined && answer.iss !== rules.issuer) throw refuseToken('issuer');
  const audiences = [answer.aud ?? []].flat();
  if (![rules.audience].flat().some((wanted) => audiences.includes(wanted))) throw refuseToken('audience');
  return { ...answer, exp: answer.exp };
};

const ask = async (token: string, at: Introspection): Promise<z.infer<typeof Answer>> => {
  const credentials = `${encodeURIComponent(at.clientId)}:${encodeURIComponent(at.clientSecret.reveal())}`;
  try {
    return Answer.parse(
      await fetchJson({
        url: at.url,
        headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
        form: { token, token_type_hint: 'access_token' },
        timeoutMs: TIMEOUT_MS,
        bytesMax: BYTES_MAX,
      }),
    );
  } catch (error) {
    throw platformFail('platform.unavailable', 'The issuer cannot say whether the token is active.', { cause: error });
  }
};
