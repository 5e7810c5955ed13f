import { type JWK } from 'jose';
import {
  type ClientMetadata,
  type Configuration,
  type ErrorOut,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';

import { type SandboxDatabase } from '../database.ts';
import { html, page } from '../html.ts';
import { makeOidcAdapter } from './oidc-adapter.ts';
import { type People, type Person } from './people.ts';
import { PERSON_SCOPES, RESOURCE_SCOPES, SERVICE_CLIENTS } from './service-clients.ts';

export interface AuthGateOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly consoleClientId: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Browser origins that may call the token endpoint. */
  readonly origins: readonly string[];
  readonly accessTokenTtlS: number;
  /** Signs cookies; kept, so that people stay logged in over a restart. */
  readonly cookieKey: string;
}

/** A certified OpenID provider around our personas. A new one is built at each rotation; the adapter keeps its state. */
export const makeOidcProvider = (
  options: AuthGateOptions,
  deps: { readonly database: SandboxDatabase; readonly people: People; readonly keys: readonly JWK[] },
): Provider => {
  const provider = new Provider(options.issuer, configurationOf(options, deps));
  provider.proxy = options.issuer.startsWith('https:');
  return provider;
};

/** The claims by which AuthGate tells who somebody is (the same in every kind of token a person gets). */
export const claimsOf = (person: Person): Record<string, unknown> => ({
  ...(person.account === null ? {} : { account: person.account }),
  roles: [...person.roles],
  admin: person.admin,
  name: person.name,
});

const configurationOf = (
  options: AuthGateOptions,
  deps: { readonly database: SandboxDatabase; readonly people: People; readonly keys: readonly JWK[] },
): Configuration => ({
  adapter: makeOidcAdapter(deps.database),
  jwks: { keys: [...deps.keys] },
  cookies: { keys: [options.cookieKey] },
  clients: clientsOf(options),
  clientBasedCORS: (_context, origin) => options.origins.includes(origin),
  pkce: { required: () => true },
  scopes: [...PERSON_SCOPES.split(' '), ...RESOURCE_SCOPES.split(' ')],
  claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
  conformIdTokenClaims: false,
  findAccount: async (_context, subject) => {
    const person = await deps.people.find(subject);
    if (person === null) return undefined;
    return {
      accountId: subject,
      claims: () => ({ sub: subject, ...claimsOf(person), email: `${subject.slice(4)}@example.test` }),
    };
  },
  extraTokenClaims: async (_context, token) => {
    if (!('accountId' in token) || typeof token.accountId !== 'string') return undefined;
    const person = await deps.people.find(token.accountId);
    return person === null ? undefined : claimsOf(person);
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => options.audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: RESOURCE_SCOPES,
        audience: options.audience,
        accessTokenTTL: options.accessTokenTtlS,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  interactions: { url: (_context, interaction) => `/authgate/interaction/${interaction.uid}` },
  issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
  loadExistingGrant: (context) => grantEverything(context, options.audience),
  renderError,
  rotateRefreshToken: true,
  ttl: lifetimesOf(options.accessTokenTtlS),
});

const clientsOf = (options: AuthGateOptions): ClientMetadata[] => [
  {
    client_id: options.consoleClientId,
    client_name: 'Quittance console',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: options.redirectUris,
    post_logout_redirect_uris: options.postLogoutRedirectUris,
    scope: PERSON_SCOPES,
  },
  ...SERVICE_CLIENTS.map((client) => ({
    client_id: client.id,
    client_secret: client.secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    scope: client.scope,
  })),
];

const lifetimesOf = (accessTokenTtlS: number): NonNullable<Configuration['ttl']> => ({
  AccessToken: accessTokenTtlS,
  AuthorizationCode: 60,
  ClientCredentials: accessTokenTtlS,
  Grant: 14 * 24 * 3600,
  IdToken: 3600,
  Interaction: 3600,
  RefreshToken: 14 * 24 * 3600,
  Session: 14 * 24 * 3600,
});

/** Nobody is asked for consent: it is our own console. */
const grantEverything = async (context: KoaContextWithOIDC, audience: string) => {
  const { client, session, provider, params } = context.oidc;
  if (!client || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  const existing = known === undefined ? undefined : await provider.Grant.find(known);
  if (existing) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(PERSON_SCOPES);
  grant.addResourceScope(typeof params?.['resource'] === 'string' ? params['resource'] : audience, RESOURCE_SCOPES);
  await grant.save();
  return grant;
};

/** What a browser sees when its request is wrong: the reason, for whoever builds the console. */
const renderError = (context: KoaContextWithOIDC, out: ErrorOut): void => {
  const body = html`<section class="card">
    <h1>${out.error}</h1>
    <p>${out.error_description ?? ''}</p>
  </section>`;
  context.type = 'html';
  context.body = page({ language: 'en', title: out.error, layout: 'narrow', body });
};

/** Logging out needs no second question here; the button is for browsers without scripts. */
const logoutSource = (context: KoaContextWithOIDC, form: string): void => {
  context.type = 'html';
  context.body = `<!doctype html><title>AuthGate</title>${form}<button name="logout" value="yes" form="op.logoutForm">Log out</button>
<script>document.querySelector('button').click()</script>`;
};
