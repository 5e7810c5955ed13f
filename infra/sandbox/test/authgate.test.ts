import { createHash, randomBytes } from 'node:crypto';

import { expect } from 'chai';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';

import { CONSOLE, postJson, type SandboxGround, startGround, SUPERADMIN_SECRET } from './sandbox-ground.ts';

const Tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
});
const Discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  end_session_endpoint: z.string(),
  jwks_uri: z.string(),
});

describe('AuthGate, played', () => {
  let ground: SandboxGround;
  let discovery: z.infer<typeof Discovery>;
  before(async () => {
    ground = await startGround();
    const document = await fetch(`${ground.sandbox.url}/authgate/.well-known/openid-configuration`);
    discovery = Discovery.parse(await document.json());
  });
  after(() => ground.stop());

  const verify = async (token: string): Promise<JWTPayload> => {
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
    const options = {
      issuer: discovery.issuer,
      audience: 'https://quittance.local',
      typ: 'at+jwt',
      algorithms: ['RS256'],
    };
    return (await jwtVerify(token, keys, options)).payload;
  };
  const shortcut = async (path: string): Promise<string> => (await fetch(`${ground.sandbox.url}/token/${path}`)).text();

  context('the console, by code and PKCE', () => {
    it('logs a persona in, refreshes, and logs in again without asking', async () => {
      const browser = makeBrowser();
      const login = startLogin(discovery, { ui_locales: 'ar' });

      const personas = await browser.go(login.url);
      const page = await personas.text();
      const done = await browser.go(personas.url, { persona: 'amal' });
      const first = await redeem(discovery, done, login.verifier);
      const refreshed = await refresh(discovery, first.refresh_token ?? '');
      const silent = startLogin(discovery, { prompt: 'none' });
      const second = await redeem(discovery, await browser.go(silent.url), silent.verifier);

      expect(page).to.include('dir="rtl"').and.to.include('Amal');
      for (const { access_token: token } of [first, refreshed, second]) {
        expect(await verify(token)).to.include({ sub: 'usr_amal', account: 'acc_atlas', admin: false });
      }
      expect(decodeProtectedHeader(first.access_token)).to.include({ typ: 'at+jwt', alg: 'RS256' });
    });

    it('makes a new customer with a fresh account each time', async () => {
      const accounts: unknown[] = [];
      for (const _ of [1, 2]) {
        const browser = makeBrowser();
        const login = startLogin(discovery);
        const personas = await browser.go(login.url);
        const done = await browser.go(personas.url, { persona: 'new-customer' });
        accounts.push((await verify((await redeem(discovery, done, login.verifier)).access_token))['account']);
      }

      expect(new Set(accounts).size).to.equal(2);
      accounts.forEach((account) => expect(account).to.match(/^acc_/));
    });

    it('is logged out on request', async () => {
      const browser = makeBrowser();
      const login = startLogin(discovery);
      const personas = await browser.go(login.url);
      const tokens = await redeem(discovery, await browser.go(personas.url, { persona: 'bruno' }), login.verifier);
      const end = new URL(discovery.end_session_endpoint);
      end.searchParams.set('id_token_hint', tokens.id_token ?? '');
      end.searchParams.set('post_logout_redirect_uri', `${CONSOLE}/`);

      const asked = await (await browser.go(end)).text();
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked)?.[1] ?? '';
      const action = /action="([^"]+)"/.exec(asked)?.[1] ?? '';
      const left = await browser.go(new URL(action), { xsrf, logout: 'yes' });
      const silent = await browser.go(startLogin(discovery, { prompt: 'none' }).url);

      expect(left.headers.get('location')).to.equal(`${CONSOLE}/`);
      expect(silent.headers.get('location')).to.include('login_required');
    });

    it('goes nowhere else with its code', async () => {
      const login = startLogin(discovery, { redirect_uri: 'http://evil.example/callback' });

      expect((await fetch(login.url, { redirect: 'manual' })).status).to.equal(400);
    });
  });

  context('service clients', () => {
    it('get the scopes of theirs and no others', async () => {
      const own = await clientCredentials(discovery, 'usage-agent', 'usage.write credits.write');
      const other = await clientCredentials(discovery, 'usage-agent', 'handoff.create');

      const { access_token: token } = Tokens.parse(await own.json());
      expect(await verify(token)).to.include({ sub: 'usage-agent', scope: 'usage.write credits.write' });
      expect(other.status).to.equal(400);
      expect(await other.text()).to.include('invalid_scope');
    });
  });

  context('tokens for curl', () => {
    it('say what the same login would say', async () => {
      expect(await verify(await shortcut('finance'))).to.deep.include({
        sub: 'usr_farida',
        roles: ['billing'],
        admin: false,
      });
      expect(await verify(await shortcut('super-admin'))).to.deep.include({ sub: 'usr_samir', roles: [], admin: true });
      expect(await verify(await shortcut('onboarding'))).to.deep.include({ roles: ['onboarding'] });
      expect(await verify(await shortcut('whatsapp-qr'))).to.include({
        sub: 'whatsapp-qr',
        scope: 'entitlements.read',
      });
      expect(await verify(await shortcut('customer?account=acc_x'))).to.include({ account: 'acc_x' });
      expect((await fetch(`${ground.sandbox.url}/token/nobody`)).status).to.equal(404);
    });
  });

  it('a rotation signs with a new key; tokens of the former one still verify', async () => {
    const before = await shortcut('amal');
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri), { cooldownDuration: 0 });
    await jwtVerify(before, keys);

    await ground.control('rotate-keys');
    const after = await shortcut('amal');

    expect(decodeProtectedHeader(after).kid).not.to.equal(decodeProtectedHeader(before).kid);
    for (const token of [before, after]) expect((await jwtVerify(token, keys)).payload.sub).to.equal('usr_amal');
    const oauth = Tokens.parse(await (await clientCredentials(discovery, 'whatsapp-qr', 'entitlements.read')).json());
    expect(decodeProtectedHeader(oauth.access_token).kid).to.equal(decodeProtectedHeader(after).kid);
  });

  it('the key set and the admin list can be taken down', async () => {
    await ground.control('jwks-down', { seconds: 60 });
    await ground.control('superadmin-down', { seconds: 60 });
    const down = [(await fetch(discovery.jwks_uri)).status, (await adminList(ground)).status];
    await ground.control('jwks-down', { seconds: 0 });
    await ground.control('superadmin-down', { seconds: 0 });

    expect(down).to.deep.equal([503, 503]);
    expect((await fetch(discovery.jwks_uri)).status).to.equal(200);
  });

  it('the admin list wants its secret, and changes on request', async () => {
    const samir = { subject: 'usr_samir', name: 'Samir — super admin', roles: ['super_admin'] };
    const farida = { subject: 'usr_farida', name: 'Farida', roles: ['super_admin'] };
    expect(await (await adminList(ground)).json()).to.deep.equal({ admins: [samir] });
    expect((await adminList(ground, 'wrong')).status).to.equal(401);

    await postJson(`${ground.sandbox.url}/_sandbox/admins`, farida);
    expect(await (await adminList(ground)).json()).to.deep.equal({ admins: [farida, samir] });
    await postJson(`${ground.sandbox.url}/_sandbox/admins`, { ...farida, roles: [] });
    expect(await (await adminList(ground)).json()).to.deep.equal({ admins: [samir] });
  });
});

const adminList = (ground: SandboxGround, secret = SUPERADMIN_SECRET): Promise<Response> =>
  fetch(`${ground.sandbox.url}/superadmin/admins`, { headers: { authorization: `Bearer ${secret}` } });

const clientCredentials = (discovery: z.infer<typeof Discovery>, client: string, scope: string): Promise<Response> =>
  fetch(discovery.token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:sandbox-secret-${client}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });

const startLogin = (
  discovery: z.infer<typeof Discovery>,
  more: Readonly<Record<string, string>> = {},
): { readonly url: URL; readonly verifier: string } => {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(discovery.authorization_endpoint);
  const wishes = {
    client_id: 'quittance-console',
    response_type: 'code',
    scope: 'openid profile email',
    redirect_uri: `${CONSOLE}/callback`,
    state: 'state-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  };
  Object.entries(wishes).forEach(([name, value]) => url.searchParams.set(name, value));
  return { url, verifier };
};

const redeem = async (
  discovery: z.infer<typeof Discovery>,
  done: Response,
  verifier: string,
): Promise<z.infer<typeof Tokens>> => {
  const code = new URL(done.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const redirect = `${CONSOLE}/callback`;
  const form = {
    grant_type: 'authorization_code',
    client_id: 'quittance-console',
    code,
    redirect_uri: redirect,
    code_verifier: verifier,
  };
  return tokensFrom(discovery, form);
};

const refresh = (discovery: z.infer<typeof Discovery>, token: string): Promise<z.infer<typeof Tokens>> =>
  tokensFrom(discovery, { grant_type: 'refresh_token', client_id: 'quittance-console', refresh_token: token });

const tokensFrom = async (
  discovery: z.infer<typeof Discovery>,
  form: Record<string, string>,
): Promise<z.infer<typeof Tokens>> => {
  const headers = { origin: CONSOLE };
  const response = await fetch(discovery.token_endpoint, { method: 'POST', headers, body: new URLSearchParams(form) });
  expect(response.headers.get('access-control-allow-origin')).to.equal(CONSOLE);
  return Tokens.parse(await response.json());
};

interface Browser {
  /** Follows redirects on the sandbox; stops with the one that leaves it. */
  go(url: string | URL, form?: Readonly<Record<string, string>>): Promise<Response>;
}

const makeBrowser = (): Browser => {
  const cookies = new Map<string, string>();
  const once = async (url: URL, form: Readonly<Record<string, string>> | undefined): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(url, { ...body, headers: { cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  return {
    go: async (start, form) => {
      let url = new URL(start);
      let response = await once(url, form);
      for (let hops = 0; hops < 10; hops += 1) {
        const location = response.headers.get('location');
        if (location === null) return response;
        const next = new URL(location, url);
        if (next.origin !== url.origin) return response;
        url = next;
        response = await once(url, undefined);
      }
      throw new Error('too many redirects');
    },
  };
};
