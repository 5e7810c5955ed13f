import { randomUUID } from 'node:crypto';

import { httpContracts, operationsContracts, ReceiveStripeWebhook, type ServiceName } from '@quittance/contracts';
import { until } from '@quittance/local';
import { expect } from 'chai';

import { holds, permittedRole, type Place, type Role, ROLES } from '../support/bad-input/callers.ts';
import { type Expected } from '../support/bad-input/complaints.ts';
import { type Case, casesOf } from '../support/bad-input/contract-cases.ts';
import { type Buyer, type Ground, openGround } from '../support/bad-input/ground.ts';
import { randomCases } from '../support/bad-input/random-cases.ts';
import { forEach } from '../support/bad-input/send.ts';
import { canariesOf, type Reach, reachesOf, trespassesOf } from '../support/bad-input/trespasses.ts';
import { CARD_NUMBERS } from '../support/bad-input/values.ts';
import { stripeVectors } from '../support/bad-input/vectors.ts';
import { genuineEvent, mutation, seeded, signedHeader } from '../support/bad-input/webhook-mutations.ts';

const FULL = process.env['BAD_INPUT_FULL'] === '1';
const MUTATIONS = FULL ? 10_060 : 2000;
/** Of each contract. */
const RANDOM = FULL ? 2000 : 60;
const SEED = Number(process.env['BAD_INPUT_SEED'] ?? 1);
const UNAUTHENTICATED: Expected = { statuses: [401], codes: ['platform.unauthenticated'] };
const FORBIDDEN: Expected = { statuses: [403], codes: ['platform.forbidden'] };
const UNKNOWN_PATH: Expected = { statuses: [404], codes: ['platform.not_found'] };

const SERVICES: readonly ServiceName[] = ['catalog', 'subscription', 'invoicing', 'payments-card', 'audit', 'gateway'];

/** Strangers, broken clients and thieves against every contract, at the door and behind it. */
describe('bad input', function () {
  this.timeout(FULL ? 1_800_000 : 180_000);
  let ground: Ground;
  let mine: Buyer;
  let theirs: Buyer;
  let rowsBefore: Readonly<Record<string, number>>;
  let cases = 0;

  before(async function () {
    this.timeout(120_000);
    ground = await openGround();
    [mine, theirs] = await Promise.all([ground.buy(), ground.buy()]);
    rowsBefore = await ground.settled();
  });

  after(async () => {
    process.stdout.write(`    ${cases} cases, ${ground.sent()} requests, seed ${SEED}\n`);
    await ground.stop();
  });

  const nothingToComplain = (asked: number): void => {
    cases += asked;
    const complaints = ground.takeComplaints();
    expect(worstFirst(complaints).slice(0, 25), `${complaints.length} of ${asked}`).to.deep.equal([]);
  };

  const authorizationFor = async (contract: (typeof httpContracts)[number], place: Place) => {
    const role = permittedRole(contract);
    return role === null ? {} : { authorization: await place.as(role, mine.account) };
  };

  it('is refused by every contract in documented words, at the door and at the service', async () => {
    const asked = inTurn(
      httpContracts.flatMap((contract) =>
        ground.callers
          .placesOf(contract)
          .map((place) => casesOf(contract).map((one): [typeof contract, Place, Case] => [contract, place, one])),
      ),
    );

    await forEach(asked, async ([contract, place, { what, shot, expected }]) => {
      const headers = { ...(await authorizationFor(contract, place)), ...shot.headers };
      await ground.ask({ contract, place, what, expected, shot: { ...shot, headers } });
    });

    nothingToComplain(asked.length);
  });

  it('is refused by every contract when it is random too', async () => {
    const asked = inTurn(
      httpContracts.map((contract) =>
        randomCases(contract, { count: RANDOM, seed: SEED }).map((one, index) => ({ contract, one, index })),
      ),
    );

    await forEach(asked, async ({ contract, one, index }) => {
      const places = ground.callers.placesOf(contract);
      const place = places[index % places.length] ?? ground.callers.gateway;
      const role = permittedRole(contract);
      const account = `acc_random_${index % 40}`;
      const authorization = role === null ? {} : { authorization: await place.as(role, account) };
      const shot = { ...one.shot, headers: { ...one.shot.headers, ...authorization } };
      await ground.ask({ contract, place, what: one.what, shot, expected: one.expected });
    });

    nothingToComplain(asked.length);
  });

  it('shows nothing of one account to another, whoever asks and wherever', async () => {
    const canaries = canariesOf(theirs, await ground.databases.textsOf(theirs.account));
    const asked = trespassesOf(theirs).flatMap((trespass) =>
      ground.callers
        .placesOf(trespass.contract)
        .flatMap((place) => ROLES.map((role) => ({ ...trespass, place, role }))),
    );
    const seen: string[] = [];
    let tried = 0;

    await forEach(asked, async ({ contract, place, role, what, shot }) => {
      const permitted = typeof contract.access === 'string' || holds(role, contract.access.anyOf);
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
    nothingToComplain(tried);
    const own = JSON.stringify(await ground.shopper.billing(theirs.token));
    expect(canaries.filter((canary) => own.includes(canary)).length, 'canaries the owner sees').to.be.greaterThan(5);
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
    nothingToComplain(reaches.length * 2);
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

    nothingToComplain(asked.length * (ROLES.length + 1) * 2);
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
    rowsBefore = await ground.settled();
    cases += 1;
  });

  it('is no webhook: forged, stale, early or changed, at the door and at the service', async () => {
    const secret = ground.suite.facts.secrets.stripeWebhookSecret;
    const nowSeconds = Math.floor(Date.now() / 1000);
    const facts = { secret, nowSeconds, random: seeded(SEED) };
    const places = ground.callers.placesOf(ReceiveStripeWebhook);
    const former = '/api/stripe/webhook';
    const codes = ['payments_card.webhook_signature_invalid', 'payments_card.webhook_wrong_mode'];
    const foreign = await stripeVectors();
    const mutants = Array.from({ length: MUTATIONS }, (_, index) => mutation(index, facts));

    await forEach(mutants, async ({ what, shot }, index) => {
      const place = places[index % places.length] ?? ground.callers.gateway;
      const path = place.name === 'gateway' && index % 3 === 0 ? former : ReceiveStripeWebhook.path;
      const expected = { statuses: [400], codes };
      await ground.ask({
        contract: ReceiveStripeWebhook,
        place,
        what,
        shot: { method: 'POST', path, ...shot },
        expected,
      });
    });

    await forEach(foreign, async ({ name, payload, header }, index) => {
      const place = places[index % places.length] ?? ground.callers.gateway;
      const headers = { 'content-type': 'application/json', 'stripe-signature': header };
      const shot = { method: 'POST', path: ReceiveStripeWebhook.path, headers, body: payload };
      const expected = { statuses: [400], codes };
      await ground.ask({ contract: ReceiveStripeWebhook, place, what: name, shot, expected });
    });

    nothingToComplain(mutants.length + foreign.length);
    const events = await ground.databases.search('evt_mutant_');
    expect(events).to.deep.equal([]);
    // The very same way of asking, signed as Stripe would: it can be accepted.
    const genuine = genuineEvent('evt_genuine', nowSeconds);
    const signed = { 'stripe-signature': signedHeader(genuine, secret, nowSeconds) };
    const headers = { 'content-type': 'application/json', ...signed };
    const accepted = await ground.send(ground.callers.gateway.baseUrl, {
      method: 'POST',
      path: former,
      headers,
      body: genuine,
    });
    expect(accepted.status).to.equal(200);
    rowsBefore = {
      ...rowsBefore,
      'payments-card.provider_events': (rowsBefore['payments-card.provider_events'] ?? 0) + 1,
    };
  });

  it('left no row in any business table', async () => {
    expect(await ground.settled()).to.deep.equal(rowsBefore);
  });

  it('left a record of who was turned away', async () => {
    expect(await ground.databases.search('^access.denied$')).to.include('audit: public.audit_records.action');
  });

  it('left every card number outside: in no table, no message and no line of a log', async () => {
    const pattern = CARD_NUMBERS.map((number) => number.split('').join('[ -]?')).join('|');

    const found = await ground.databases.search(pattern);

    const logged = ground.log.filter((line) => new RegExp(pattern).test(line));
    expect(found).to.deep.equal([]);
    expect(logged.slice(0, 5)).to.deep.equal([]);
    expect(await ground.databases.columnsSearched()).to.be.greaterThan(100);
    // The search can find: the account’s id is in many places.
    expect(await ground.databases.search(theirs.account)).not.to.deep.equal([]);
    expect(ground.log.length).to.be.greaterThan(1000);
  });

  it('made nobody look at a log: no line says that something broke', () => {
    const broken = ground.log.filter((line) => /"level":"(error|fatal)"/.test(line));
    expect(broken.slice(0, 5), `${broken.length} lines`).to.have.lengthOf(0);
  });
});

/** What broke before what was merely refused in other words. */
const worstFirst = (complaints: readonly string[]): readonly string[] =>
  complaints.toSorted((left, right) => Number(/answered 5/.test(right)) - Number(/answered 5/.test(left)));

/** The first of every list, the second of every list …: no caller’s rate is used up while the others rest. */
const inTurn = <Item>(lists: readonly (readonly Item[])[]): readonly Item[] =>
  Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
