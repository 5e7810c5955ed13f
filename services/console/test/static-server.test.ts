import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConfig, makeLogger } from '@quittance/runtime';
import { expect } from 'chai';

import { buildConsole, type Console, consoleConfig, ensureConsoleBuilt } from '../server/service.ts';

const ISSUER = 'https://auth.example.test/authgate';
const logger = makeLogger({ service: 'console', level: 'silent' });
const config = loadConfig(consoleConfig, { AUTHGATE_ISSUER: ISSUER, SUPPORT_EMAIL: 'help@example.test' });

describe('the console, built and served', function () {
  // A cold build on a busy two-core machine.
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'quittance-console-'));
  const dist = join(folder, 'dist');
  const progress: string[] = [];
  let server: Console;
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { accept: 'text/html', ...headers } });

  before(async () => {
    expect(await ensureConsoleBuilt((line) => progress.push(line), dist)).to.equal(true);
    server = buildConsole({ config, logger, dist });
    await server.start();
  });

  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('says what it is doing while it builds, and builds only once', async () => {
    expect(progress).to.have.length(2);
    expect(await ensureConsoleBuilt((line) => progress.push(line), dist)).to.equal(false);
    expect(progress).to.have.length(2);
    expect(readdirSync(folder)).to.deep.equal(['dist']);
  });

  it('answers every page address with the page, not to be cached', async () => {
    for (const path of ['/', '/billing', '/checkout/pln_1?interval=month', '/payments/pay_1']) {
      const response = await get(path);

      expect(response.status, path).to.equal(200);
      expect(response.headers.get('cache-control'), path).to.equal('no-cache');
    }
  });

  it('lets a page run only its own scripts and talk only to its origin and the issuer', async () => {
    const response = await get('/');

    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).to.include(`default-src 'none'`).and.to.include(`script-src 'self';`);
    expect(policy).to.include(`connect-src 'self' https://auth.example.test;`);
    expect(policy).to.include(`frame-ancestors 'none'`).and.not.to.include('unsafe');
    expect(response.headers.get('x-content-type-options')).to.equal('nosniff');
    expect(response.headers.get('referrer-policy')).to.equal('same-origin');
    expect(response.headers.get('x-powered-by')).to.equal(null);
  });

  it('has no way to the page without its policy', async () => {
    for (const path of ['/index.html', '/%69ndex.html', '/assets/../index.html', '/icons/index.html', '/.sources']) {
      const response = await get(path);

      const guarded = response.headers.has('content-security-policy');
      expect(response.status === 404 || guarded, path).to.equal(true);
      expect(await response.text(), path).not.to.include('__CSP_NONCE__');
    }
  });

  it('gives each page its own style nonce', async () => {
    const nonceOf = async (): Promise<string> => {
      const response = await get('/');
      const nonce = /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] ?? '';
      expect(await response.text())
        .to.include(`nonce="${nonce}"`)
        .and.not.to.include('__CSP_NONCE__');
      return nonce;
    };

    expect(await nonceOf()).not.to.equal(await nonceOf());
  });

  it('loads nothing from another origin', async () => {
    const page = await (await get('/')).text();

    expect(page.match(/(src|href)="(?!\/)[^"]*"/g)).to.equal(null);
  });

  it('begins in the language the browser asks for', async () => {
    const arabic = await get('/', { 'accept-language': 'de, ar;q=0.9, en;q=0.5' });
    const german = await get('/', { 'accept-language': 'de' });

    expect(await arabic.text()).to.include('<html lang="ar" dir="rtl"');
    expect(arabic.headers.get('vary')).to.include('Accept-Language');
    expect(await german.text()).to.include('<html lang="en" dir="ltr"');
  });

  it('lets hashed files be kept for ever', async () => {
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await (await get('/')).text())?.[1] ?? 'none';
    const response = await get(script);

    expect(response.status).to.equal(200);
    expect(response.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
  });

  it('does not answer a missing file with a page', async () => {
    expect((await get('/assets/gone-12345678.js')).status).to.equal(404);
    expect((await get('/robots.txt')).status).to.equal(404);
    expect((await get('/assets/../../server/main.ts')).status).to.equal(404);
    expect((await fetch(`http://127.0.0.1:${server.port}/billing`, { method: 'POST' })).status).to.equal(404);
  });

  it('tells the browser what it must know, and nothing else', async () => {
    const response = await get('/config.json', { accept: 'application/json' });

    expect(response.headers.get('cache-control')).to.equal('no-cache');
    expect(await response.json()).to.deep.equal({
      mode: 'production',
      issuer: ISSUER,
      clientId: 'quittance-console',
      scope: 'openid profile',
      resource: null,
      languages: ['en', 'fr', 'ar'],
      currency: null,
      support: { url: null, email: 'help@example.test' },
    });
  });

  it('is live and ready', async () => {
    expect((await get('/live')).status).to.equal(200);
    expect((await get('/ready')).status).to.equal(200);
  });

  it('refuses to start without pages, in one sentence', () => {
    expect(() => buildConsole({ config, logger, dist: join(folder, 'nowhere') })).to.throw(/has not been built/);
  });
});
