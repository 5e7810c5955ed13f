import { type Secret } from '@quittance/kernel';
import { secretString } from '@quittance/runtime';
import { z } from 'zod';

import { type AuthGateConfig } from './auth-gate.ts';
import { type Introspection } from './introspect.ts';
import { type RoleNames } from './to-principal.ts';

const list = (value: string): readonly string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** The variables of whoever verifies AuthGate’s tokens: `z.object({ ...serviceConfig, ...authGateVariables })`. */
export const authGateVariables = {
  AUTHGATE_ISSUER: z.url().describe('The only `iss` accepted.'),
  AUTHGATE_JWKS_URL: z.url().describe('Where AuthGate publishes its signing keys.'),
  AUTHGATE_AUDIENCE: z.string().min(1).transform(list).describe('Accepted `aud` values, separated by commas.'),
  AUTHGATE_ALGORITHMS: z
    .string()
    .default('RS256,ES256,EdDSA')
    .transform(list)
    .describe('Accepted signature algorithms, separated by commas; asymmetric ones only.'),
  AUTHGATE_TOKEN_TYPE: z.string().default('at+jwt').describe('Header `typ` of access tokens: at+jwt or JWT.'),
  AUTHGATE_JWKS_REFETCH_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe('An unknown key id makes us fetch the keys again, at most this often.'),
  AUTHGATE_CLOCK_SKEW_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(300)
    .default(30)
    .describe('Allowed difference of clocks.'),
  AUTHGATE_CLAIM_SUBJECT: z.string().default('sub').describe('Path of the claim with the subject.'),
  AUTHGATE_CLAIM_ACCOUNT: z.string().default('account').describe('Path of the claim with the account.'),
  AUTHGATE_CLAIM_ROLES: z.string().default('roles').describe('Path of the claim with the roles.'),
  AUTHGATE_CLAIM_SCOPES: z.string().default('scope').describe('Path of the claim with a service’s scopes.'),
  AUTHGATE_CLAIM_ADMIN: z.string().default('admin').describe('Path of the admin flag, a boolean.'),
  AUTHGATE_ROLES_BILLING: z
    .string()
    .default('billing')
    .transform(list)
    .describe('AuthGate’s role names that mean billing.'),
  AUTHGATE_ROLES_ONBOARDING: z
    .string()
    .default('onboarding')
    .transform(list)
    .describe('AuthGate’s role names that mean onboarding.'),
  AUTHGATE_DEV_SECRET: secretString().optional().describe('Development only: HS256 tokens made with it are accepted.'),
  AUTHGATE_INTROSPECTION_URL: z
    .url()
    .optional()
    .describe('RFC 7662 endpoint for opaque tokens; without it they are refused.'),
  AUTHGATE_INTROSPECTION_CLIENT_ID: z.string().default('quittance').describe('Our client id at that endpoint.'),
  AUTHGATE_INTROSPECTION_CLIENT_SECRET: secretString().optional().describe('Our client secret at that endpoint.'),
  ADMIN_LIST_URL: z.url().optional().describe('SuperAdmin’s list of administrators; without it nobody is super_admin.'),
  ADMIN_LIST_SECRET: secretString().optional().describe('Bearer secret for that list.'),
};

export type AuthGateVariables = z.infer<z.ZodObject<typeof authGateVariables>>;

export const toAuthGateConfig = (config: AuthGateVariables): AuthGateConfig => ({
  issuer: config.AUTHGATE_ISSUER,
  audience: config.AUTHGATE_AUDIENCE,
  jwksUrl: config.AUTHGATE_JWKS_URL,
  algorithms: config.AUTHGATE_ALGORITHMS,
  tokenType: config.AUTHGATE_TOKEN_TYPE,
  jwksRefetchSeconds: config.AUTHGATE_JWKS_REFETCH_SECONDS,
  clockSkewSeconds: config.AUTHGATE_CLOCK_SKEW_SECONDS,
  claims: {
    subject: config.AUTHGATE_CLAIM_SUBJECT,
    account: config.AUTHGATE_CLAIM_ACCOUNT,
    roles: config.AUTHGATE_CLAIM_ROLES,
    scopes: config.AUTHGATE_CLAIM_SCOPES,
    admin: config.AUTHGATE_CLAIM_ADMIN,
  },
  devSecret: config.AUTHGATE_DEV_SECRET ?? null,
  introspection: introspectionOf(config),
});

export const toRoleNames = (config: AuthGateVariables): RoleNames => ({
  billing: config.AUTHGATE_ROLES_BILLING,
  onboarding: config.AUTHGATE_ROLES_ONBOARDING,
});

const introspectionOf = (config: AuthGateVariables): Introspection | null => {
  const secret: Secret | undefined = config.AUTHGATE_INTROSPECTION_CLIENT_SECRET;
  if (config.AUTHGATE_INTROSPECTION_URL === undefined || secret === undefined) return null;
  return {
    url: config.AUTHGATE_INTROSPECTION_URL,
    clientId: config.AUTHGATE_INTROSPECTION_CLIENT_ID,
    clientSecret: secret,
  };
};
