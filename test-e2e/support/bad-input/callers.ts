import { makeInternalIssuer, readInternalPrivateJwk } from '@quittance/auth';
import { CreateHandoff, type HttpContract, UseHandoff } from '@quittance/contracts';
import { type AccountId, isAccountId, type Permission, type Principal, Secret } from '@quittance/kernel';
import { makeCall, type RunningSuite } from '@quittance/local';

/** Who there is, and what the permission table says each may do: written out here again, so that it can disagree. */
export const PERMISSIONS = {
  customer: ['own.read', 'own.write'],
  nobody: [],
  entitlements: ['entitlements.read'],
  usage: ['usage.write', 'credits.write'],
  handoff: ['handoff.create'],
  handedOff: ['handoff.checkout'],
  onboarding: ['billing.read', 'tenant_subscription.write'],
  billing: ['billing.read', 'billing.write', 'billing.approve', 'tenant_subscription.write'],
  superAdmin: [
    'billing.read',
    'billing.write',
    'billing.approve',
    'tenant_subscription.write',
    'payment_config.manage',
  ],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof PERMISSIONS;
export const ROLES: readonly Role[] = [
  'customer',
  'nobody',
  'entitlements',
  'usage',
  'handoff',
  'handedOff',
  'onboarding',
  'billing',
  'superAdmin',
];

const KINDS = {
  customer: 'customer',
  nobody: 'customer',
  entitlements: 'service',
  usage: 'service',
  handoff: 'service',
  handedOff: 'customer',
  onboarding: 'operator',
  billing: 'operator',
  superAdmin: 'operator',
} as const satisfies Record<Role, Principal['kind']>;

export interface TokenWish {
  readonly subject: string;
  readonly account?: string;
  readonly roles?: readonly string[];
  readonly admin?: boolean;
  readonly scope?: string;
  readonly audience?: string;
  readonly issuer?: string;
  readonly type?: string;
  readonly expiresInS?: number;
}

/** A place where requests can be sent: the door itself, or a service behind it. */
export interface Place {
  readonly name: string;
  readonly baseUrl: string;
  /** The Authorization header of somebody here. */
  readonly as: (role: Role, account: string) => Promise<string>;
}

export interface Callers {
  readonly gateway: Place;
  /** Where a contract can be asked: at the gateway, and at its service unless that is the gateway. */
  readonly placesOf: (contract: Pick<HttpContract, 'service'>) => readonly Place[];
  readonly mint: (wish: TokenWish) => Promise<string>;
}

export const makeCallers = ({ facts, serviceUrls }: RunningSuite): Callers => {
  const issuer = makeInternalIssuer(readInternalPrivateJwk(new Secret(facts.secrets.internalPrivateKey)));
  const minted = new Map<string, Promise<string>>();
  const mint = (wish: TokenWish): Promise<string> => mintToken(facts.sandboxUrl, wish);
  const once = (wish: TokenWish): Promise<string> => {
    const name = JSON.stringify(wish);
    const known = minted.get(name) ?? mint(wish);
    minted.set(name, known);
    return known;
  };
  const handedOff = (account: string): Promise<string> => {
    // Shorter than such a session lives.
    const name = `${account} ${Math.floor(Date.now() / SESSION_REUSED_FOR_MS)}`;
    const known =
      minted.get(name) ?? once(WISHES.handoff()).then((token) => openSession(facts.gatewayUrl, token, account));
    minted.set(name, known);
    return known;
  };
  const gateway: Place = {
    name: 'gateway',
    baseUrl: facts.gatewayUrl,
    as: async (role, account) =>
      `Bearer ${role === 'handedOff' ? await handedOff(account) : await once(WISHES[role](account))}`,
  };
  const behind = new Map(
    Object.entries(serviceUrls).map(([name, baseUrl]): readonly [string, Place] => [
      name,
      { name, baseUrl, as: async (role, account) => `Bearer ${await issuer.issue(principalOf(role, account))}` },
    ]),
  );
  return {
    gateway,
    mint,
    placesOf: ({ service }) => [gateway, ...[behind.get(service) ?? []].flat()],
  };
};

/** The role that may call a contract, or null where anybody may. */
export const permittedRole = ({ access, name }: HttpContract): Role | null => {
  if (typeof access === 'string') return null;
  const role = ROLES.find((candidate) => holds(candidate, access.anyOf));
  if (role === undefined) throw new Error(`No role here may call ${name}: add one.`);
  return role;
};

export const mayAsk = (role: Role, { access }: HttpContract): boolean =>
  typeof access === 'string' || holds(role, access.anyOf);

export const holds = (role: Role, anyOf: readonly Permission[]): boolean =>
  PERMISSIONS[role].some((held) => anyOf.some((permission) => permission === held));

const SESSION_REUSED_FOR_MS = 300_000;

/** What a hand-off link is traded for. */
const openSession = async (gatewayUrl: string, token: string, account: string): Promise<string> => {
  const call = makeCall(gatewayUrl);
  const page = 'https://app.example/handed-off';
  const order = { product: 'automation', plan: 'pro', interval: 'month', successUrl: page, cancelUrl: page };
  const { url } = await call(CreateHandoff, { token, body: { account, owner: `usr_of_${account}`, ...order } });
  const { session } = await call(UseHandoff, { body: { code: new URL(url).hash.slice(1) } });
  return session;
};

const WISHES = {
  customer: (account) => ({ subject: `usr_of_${account}`, account }),
  nobody: () => ({ subject: 'usr_nobody' }),
  entitlements: () => ({ subject: 'svc_entitlements', scope: 'entitlements.read' }),
  usage: () => ({ subject: 'svc_usage', scope: 'usage.write credits.write' }),
  handoff: () => ({ subject: 'svc_handoff', scope: 'handoff.create' }),
  onboarding: () => ({ subject: 'usr_onboarding', roles: ['onboarding'] }),
  // One for each account asked about, so that none of them comes too often.
  billing: (account) => ({ subject: `usr_billing_of_${account}`, roles: ['billing'] }),
  // The one on SuperAdmin’s list: no claim makes another.
  superAdmin: () => ({ subject: 'usr_samir', admin: true }),
} as const satisfies Record<Exclude<Role, 'handedOff'>, (account: string) => TokenWish>;

const principalOf = (role: Role, account: string): Principal => ({
  kind: KINDS[role],
  subject: `usr_${role}`,
  accountId: role === 'customer' || role === 'handedOff' ? accountOf(account) : null,
  permissions: new Set(PERMISSIONS[role]),
});

const accountOf = (account: string): AccountId => {
  if (!isAccountId(account)) throw new Error(`${account} is no account id.`);
  return account;
};

const mintToken = async (sandboxUrl: string, wish: TokenWish): Promise<string> => {
  const response = await fetch(`${sandboxUrl}/_sandbox/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  });
  const token = await response.text();
  if (!response.ok) throw new Error(`No token: ${response.status} ${token}`);
  return token;
};
