import { randomUUID } from 'node:crypto';
import { CARDS, makeShopper, startSuite, dropDatabases, dropRoles, freePort, startWebhookTap, until } from '@quittance/local';
import { makeLogger, setKillPointProbe } from '@quittance/runtime';
import { testDatabaseServer } from '@quittance/testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import pg from 'pg';
const counts = new Map<string, number>();
let total=0;
const orig = pg.Client.prototype.query;
if (process.env['COUNT']) pg.Client.prototype.query = function (this: any, ...a: any[]) { const q = typeof a[0] === 'string' ? a[0] : a[0]?.text; const k = `${this.database?.replace(/^qbs_\d+_/, '')} | ${String(q).replaceAll(/\s+/g, ' ').slice(0, 150)}`; counts.set(k, (counts.get(k) ?? 0) + 1); total++; return orig.apply(this, a as any); } as any;
import { join } from 'node:path';

const N = Number(process.argv[2] ?? 20);
const WISH = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;
const folder = await mkdtemp(join(tmpdir(), 'quittance-scratch-'));
const { adminUrl } = await testDatabaseServer();
const port = await freePort();
const tap = await startWebhookTap(`http://127.0.0.1:${port}/webhooks/stripe`);
const suite = await startSuite({
  folder, fresh: true, port, databaseUrl: adminUrl, rabbitUrl: process.env['RABBITMQ_URL'] ?? null, logLevel: 'error',
  databasePrefix: `qbs_${process.pid}`, retryTiersMs: '100,300,1000', beatIntervalMs: null, webhookUrl: tap.url,
  processes: false, progress: () => undefined, logger: makeLogger({ service: 'b', level: 'error' }),
});
try {
  const shopper = makeShopper(suite.facts);
  const service = await shopper.token('whatsapp-qr');
  const warm = await shopper.customerToken('acc_warm');
  await until('cat', () => shopper.checkout(warm, WISH).catch(() => null), { enough: (s) => s !== null, everyMs: 100 });
  const events: string[] = [];
  let t0 = 0;
  setKillPointProbe((point) => { events.push(`${(performance.now() - t0).toFixed(1).padStart(7)} ${point}`); });
  for (let i = 0; i < N; i += 1) {
    const account = `acc_${randomUUID().slice(0, 8)}`;
    const token = await shopper.customerToken(account);
    events.length = 0; if (i === N - 1) counts.clear(); total = 0;
    let cpu0 = process.cpuUsage();
    t0 = performance.now();
    const session = await shopper.checkout(token, WISH);
    const checkoutMs = performance.now() - t0; const qa = total;
    const c = process.cpuUsage(cpu0);
    const checkoutCpu = (c.user + c.system) / 1000;
    const trace1 = [...events];
    await until('x', () => Promise.resolve(0), () => true);
    events.length = 0;
    // own tap: poll
    cpu0 = process.cpuUsage();
    t0 = performance.now();
    const paying = shopper.pay(session.payUrl ?? '', CARDS.succeeds);
    let activeMs = 0;
    let asks = 0;
    for (;;) {
      asks += 1;
      const a = await shopper.check(service, { account, product: 'automation' });
      if (a.allowed) break;
      await new Promise((r) => setTimeout(r, 25));
    }
    activeMs = performance.now() - t0;
    await paying;
    const c2 = process.cpuUsage(cpu0);
    await new Promise((r) => setTimeout(r, 300));
    const c3 = process.cpuUsage(cpu0);
    console.log(i, 'checkout', checkoutMs.toFixed(0), 'cpu', checkoutCpu.toFixed(0), ' pay->active', activeMs.toFixed(0), 'cpu', ((c2.user + c2.system) / 1000).toFixed(0), 'asks', asks, 'cpu+300ms', ((c3.user + c3.system) / 1000).toFixed(0));
    if (i === N - 1 && process.env['COUNT']) { console.log('queries checkout', qa, 'all', total); for (const [k, v] of [...counts].sort((x, y) => y[1] - x[1])) console.log(String(v).padStart(4), k); }
 if (i === N - 1 && process.env['TRACE']) { console.log(trace1.join('\n')); console.log('-- pay'); console.log(events.join('\n')); }
  }
} finally {
  await suite.stop(); await tap.stop();
  await dropDatabases(suite.facts); await dropRoles(suite.facts);
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
