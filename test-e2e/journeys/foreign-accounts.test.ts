import { randomUUID } from 'node:crypto';

import { CheckEntitlement, operationsContracts, type ServiceName } from '@quittance/contracts';
import { until } from '@quittance/local';
import { expect } from 'chai';

import { holds, mayAsk, permittedRole, type Place, type Role, ROLES } from '../support/bad-input/callers.ts';
import { aRichBuyer, type RichBuyer } from '../support/bad-input/canaries.ts';
import { type Expected } from '../support/bad-input/complaints.ts';
import { type Buyer, type Ground, openGround } from '../support/bad-input/ground.ts';
import { type Judge, makeJudge } from '../support/bad-input/judge.ts';
import { forEach } from '../support/bad-input/send.ts';
import { canariesOf, type Reach, reachesOf, scopedTo, trespassesOf } from '../support/bad-input/trespasses.ts';

const SEED = Number(process.env['BAD_INPUT_SEED'] ?? 1);
const UNAUTHENTICATED: Expected = { statuses: [401], codes: ['platform.unauthenticated'] };
const FORBIDDEN: Expected = { statuses: [403], codes: ['platform.forbidden'] };
const UNKNOWN_PATH: Expected = { statuses: [404], codes: ['platform.not_found'] };

/** Whoever asks with a key for what is not there may ask again with it. */
const KEYS = /: idempotency keys:/;

const SERVICES: readonly ServiceName[] = ['catalog', 'subscription', 'invoicing', 'payments-card', 'audit', 'gateway'];

/** Everybody who is somebody, in front of what belongs to somebody else: every route, at the door and behind it. */
describe('foreign accounts', function () {
  this.timeout(180_000);
  let ground: Ground;
  let mine: Buyer;
  let theirs: RichBuyer;
  let judge: Judge;
  let canaries: readonly string[];

  before(async function () {
    this.timeout(120_000);
    ground = await openGround();
    [mine, theirs] = await Promise.all([ground.buy(), aRichBuyer(ground)]);
    canaries = [...theirs.planted, ...canariesOf(theirs, await ground.databases.textsOf(theirs.account))];
    judge = await makeJudge(ground);
  });

  after(async () => {
    await ground.stop();
    judge.report(SEED);
  });

  it('shows nothing of one account to another, whoever asks and wherever', async () => {
    const asked = trespassesOf(theirs).flatMap((trespass) =>
      ground.callers
        .placesOf(trespass.contract)
        .flatMap((place) => ROLES.map((role) => ({ ...trespass, place, role }))),
    );
    const seen: string[] = [];
    let tried = 0;

    await forEach(asked, async ({ contract, place, role, what, shot }) => {
      const permitted = mayAsk(role, contract);
      // Operators and services may read every account, as their permissions say; what they change is not tried here.
      const mayRead = permitted && role !== 'customer';
      if (mayRead && contract.audit !== 'none') return;
      // Who may not ask at all is refused before the query is looked at.
      if (!permitted && shot.path.includes('?')) return;
      tried += 1;
      const headers = { ...shot.headers, authorization: await place.as(role, mine.account) };
      const expected = permitted ? {} : { statuses: [403], codes: ['platform.forbidden'] };
      const answer = await ground.ask({
        contract,
        place,
        what: `${what} as ${role}`,
        shot: { ...shot, headers },
        expected,
      });
      if (mayRead) return;
      const told = JSON.stringify(answer.headers) + answer.text;
      const sent = shot.path + String(shot.body ?? '');
      for (const canary of canaries) {
        if (told.includes(canary) && !sent.includes(canary))
          seen.push(`${contract.name} at ${place.name}, ${what}: ${canary}`);
      }
    });

    expect(seen.slice(0, 20), `${seen.length} leaks`).to.deep.equal([]);
    judge.nothingToComplain(tried);
    await judge.nothingStored(KEYS);
  });

  it('tells whoever may read every account of the one that was asked for, and of no other', async () => {
    const asked = scopedTo(mine.account).flatMap(({ contract, what, shot }) =>
      ground.callers
        .placesOf(contract)
        .flatMap((place) =>
          ROLES.filter((role) => mayAsk(role, contract)).map((role) => ({ contract, what, shot, place, role })),
        ),
    );
    const seen: string[] = [];

    await forEach(asked, async ({ contract, what, shot, place, role }) => {
      const headers = { authorization: await place.as(role, mine.account) };
      const answer = await ground.ask({
        contract,
        place,
        what,
        shot: { ...shot, headers },
        expected: { statuses: [200, 404] },
      });
      for (const canary of canaries) {
        if (answer.text.includes(canary)) seen.push(`${contract.name} at ${place.name} as ${role}: ${canary}`);
      }
    });

    expect(seen.slice(0, 20), `${seen.length} leaks`).to.deep.equal([]);
    judge.nothingToComplain(asked.length);
  });

  it('shows the same words to those whom they are for', async () => {
    const { gateway } = ground.callers;
    const told = await Promise.all(
      scopedTo(theirs.account).map(async ({ contract, shot }) => {
        const role = permittedRole(contract) ?? 'customer';
        const headers = { authorization: await gateway.as(role, theirs.account) };
        return (await ground.send(gateway.baseUrl, { ...shot, headers })).text;
      }),
    );

    const token = await gateway.as('customer', theirs.account);
    const own = reachesOf(theirs).filter(({ contract }) => contract.method === 'GET');
    const named = await Promise.all(
      own.map(async ({ shotFor, named: id }) => {
        const shot = { ...shotFor(id), headers: { authorization: token } };
        return (await ground.send(gateway.baseUrl, shot)).text;
      }),
    );

    const checked = await ground.send(gateway.baseUrl, {
      method: CheckEntitlement.method,
      path: CheckEntitlement.path,
      headers: {
        'content-type': 'application/json',
        authorization: await gateway.as('entitlements', theirs.account),
      },
      body: JSON.stringify({ account: theirs.account, product: 'automation', feature: 'support' }),
    });

    const all = [...told, ...named, checked.text].join('\n');
    const shown = theirs.planted.filter((word) => all.includes(word));
    expect(shown.length, shown.join(' ')).to.be.greaterThan(9);
    for (const part of ['items-name', 'due-now-description', 'document-plankey', 'document-level']) {
      expect(shown.join(' '), 'what stands in JSON').to.include(`canary-${part}-`);
    }
  });

  it('answers a reach for another account’s things like one for nothing, and records it once', async () => {
    const thief = `acc_thief_${randomUUID()}`;
    const authorization = await ground.callers.gateway.as('customer', thief);
    const attempts: string[] = [];
    const ask = async ({ contract, shotFor }: Reach, id: string) => {
      const { headers, ...shot } = shotFor(id);
      const what = `reaches for ${id}`;
      const place = ground.callers.gateway;
      const asked = { ...shot, headers: { ...headers, authorization } };
      const answer = await ground.ask({ contract, place, what, shot: asked, expected: { statuses: [404] } });
      const { 'x-request-id': requestId, date: _date, ...told } = answer.headers;
      const text = answer.text.replaceAll(String(requestId), 'REQUEST').replaceAll(id, 'ID');
      return { requestId: String(requestId), told: JSON.stringify([told, text]) };
    };
    const reaches = reachesOf(theirs);

    await forEach(reaches, async (reach) => {
      const [foreign, unknown] = [await ask(reach, reach.named), await ask(reach, reach.unknown)];
      expect(foreign.told).to.equal(unknown.told);
      attempts.push(foreign.requestId, ...(reach.namesAccount ? [unknown.requestId] : []));
    });

    const records = () => ground.databases.auditedRequests('access.denied', thief);
    const enough = ({ length }: readonly string[]) => length >= attempts.length;
    const recorded = await until('the attempts to be recorded', records, { enough });
    expect(recorded.toSorted()).to.deep.equal(attempts.toSorted());
    expect(new Set(reaches.map(({ contract }) => contract.name)).size).to.be.greaterThan(7);
    judge.nothingToComplain(reaches.length * 2);
  });

  it('finds no inside route at the door, and only the gateway behind it', async () => {
    const { gateway, placesOf } = ground.callers;
    const asked = Object.keys(ground.suite.serviceUrls).flatMap((name) => {
      const service = SERVICES.find((known) => known === name);
      return service === undefined ? [] : Object.values(operationsContracts(service));
    });
    const headersOf = async (place: Place, role: Role | null) =>
      role === null ? {} : { authorization: await place.as(role, mine.account) };

    await forEach(
      asked.flatMap((contract) => [null, ...ROLES].map((role) => ({ contract, role }))),
      async ({ contract, role }) => {
        const path = contract.path.replace(':id', 'x');
        for (const place of placesOf(contract)) {
          const shot = { method: contract.method, path, headers: await headersOf(place, role) };
          const may = role !== null && typeof contract.access !== 'string' && holds(role, contract.access.anyOf);
          const behind: Expected = role === null ? UNAUTHENTICATED : may ? {} : FORBIDDEN;
          const expected = place === gateway ? UNKNOWN_PATH : behind;
          await ground.ask({ contract, place, what: `as ${String(role)}`, shot, expected });
        }
      },
    );

    judge.nothingToComplain(asked.length * (ROLES.length + 1) * 2);
  });

  it('gives one account’s answer to nobody else who sends its Idempotency-Key', async () => {
    const stranger = await ground.shopper.customerToken('acc_key_thief');
    const { idempotencyKey, body } = theirs.wish;
    const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey };

    const answer = await ground.shopper.request('/v1/checkout-sessions', {
      method: 'POST',
      token: stranger,
      headers,
      body,
    });

    const text = await answer.text();
    expect([201, 202]).to.include(answer.status);
    expect(theirs.ids.filter((id) => text.includes(id))).to.deep.equal([]);
    judge.nothingToComplain(1);
    await judge.noteStored();
  });

  it('left nothing in any table', () => judge.nothingStored(KEYS));

  it('left a record of who was turned away', async () => {
    expect(await ground.databases.search('^access.denied$')).to.include('audit: public.audit_records.action');
  });
});
