import { randomUUID } from 'node:crypto';

import { importJWK, type JWK, SignJWT } from 'jose';
import { z } from 'zod';

import { claimsOf } from './oidc-provider.ts';
import { type People, type Person, PERSONAS } from './people.ts';
import { SERVICE_CLIENTS } from './service-clients.ts';
import { signingKeyOf } from './signing-keys.ts';

/** What a hand-made token may say. The defaults make a good one; tests of a verifier ask for bad ones. */
export const tokenRequestSchema = z.object({
  subject: z.string().min(1),
  clientId: z.string().optional(),
  account: z.string().optional(),
  roles: z.array(z.string()).optional(),
  admin: z.boolean().optional(),
  scope: z.string().optional(),
  audience: z.string().optional(),
  issuer: z.string().optional(),
  type: z.string().default('at+jwt'),
  expiresInS: z
    .number()
    .int()
    .default(12 * 3600),
  issuedAgoS: z.number().int().default(0),
});
type TokenRequest = z.input<typeof tokenRequestSchema>;

export interface TokenMint {
  mint(request: TokenRequest): Promise<string>;
  /** Null when there is no such persona. `account` counts for `customer` only. */
  forPersona(key: string, account: string | null): Promise<string | null>;
}

/** Signs with the provider's own keys, for curl and for tests that need thousands of tokens. */
export const makeTokenMint = (facts: {
  readonly issuer: string;
  readonly audience: string;
  readonly consoleClientId: string;
  readonly keys: () => readonly JWK[];
  readonly people: People;
}): TokenMint => {
  const sign = async (
    claims: Record<string, unknown>,
    request: z.output<typeof tokenRequestSchema>,
  ): Promise<string> => {
    const jwk = signingKeyOf(facts.keys());
    const issuedAtS = Math.floor(Date.now() / 1000) - request.issuedAgoS;
    return new SignJWT({ client_id: request.clientId ?? facts.consoleClientId, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: request.type, kid: jwk.kid ?? '' })
      .setIssuer(request.issuer ?? facts.issuer)
      .setAudience(request.audience ?? facts.audience)
      .setSubject(request.subject)
      .setJti(randomUUID())
      .setIssuedAt(issuedAtS)
      .setExpirationTime(issuedAtS + request.expiresInS)
      .sign(await importJWK(jwk, 'RS256'));
  };
  const forPerson = (person: Person): Promise<string> =>
    sign(claimsOf(person), tokenRequestSchema.parse({ subject: person.subject }));
  return {
    mint: (given) => {
      const request = tokenRequestSchema.parse(given);
      const { account, roles, admin, scope } = request;
      const said = Object.entries({ account, roles, admin, scope }).filter(([, value]) => value !== undefined);
      return sign(Object.fromEntries(said), request);
    },
    forPersona: async (key, account) => {
      const service = SERVICE_CLIENTS.find((client) => client.id === key);
      if (service)
        return sign({ scope: service.scope }, tokenRequestSchema.parse({ subject: service.id, clientId: service.id }));
      if (key === 'new-customer') return forPerson(await facts.people.create());
      if (key === 'customer' && account !== null) {
        const person: Person = {
          subject: `usr_of_${account}`,
          name: `Owner of ${account}`,
          account,
          roles: [],
          admin: false,
        };
        await facts.people.save(person);
        return forPerson(person);
      }
      const persona = PERSONAS.find((candidate) => candidate.key === key);
      return persona ? forPerson(persona.person) : null;
    },
  };
};
