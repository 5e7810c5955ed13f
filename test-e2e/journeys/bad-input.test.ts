import { GetSubscriptionStatus, httpContracts, ListSubscriptions, ReceiveStripeWebhook } from '@quittance/contracts';
import { until } from '@quittance/local';
import { expect } from 'chai';

import { holds, permittedRole, type Place, ROLES } from '../support/bad-input/callers.ts';
import { type Case, casesOf } from '../support/bad-input/contract-cases.ts';
import { type Buyer, type Ground, openGround } from '../support/bad-input/ground.ts';
import { forEach } from '../support/bad-input/send.ts';
import { badTokensForServices, badTokensForTheDoor, forgedKeyIds } from '../support/bad-input/token-cases.ts';
import { canariesOf, trespassesOf } from '../support/bad-input/trespasses.ts';
import { CARD_NUMBERS } from '../support/bad-input/values.ts';
import { genuineEvent, mutation, seeded, signedHeader } from '../support/bad-input/webhook-mutations.ts';

const MUTATIONS = process.env['BAD_INPUT_FULL'] === '1' ? 10_000 : 2000;
const SEED = Number(process.env['BAD_INPUT_SEED'] ?? 1);
const protectedContracts = httpContracts.filter(({ access }) => typeof access !== 'string');

/** Strangers, broken clients and thieves against every contract, at the door and behind it. */
describe('bad input', function () {
  this.timeout(60_000);
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
      // Operators and services may read every account: that is what their permissions say.
      if (permitted && role !== 'customer') return;
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
    expect(answer.status).to.equal(201);
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

    nothingToComplain(mutants.length);
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

  it('is nobody: tokens missing, expired, unsigned, of others, or changed', async () => {
    const [atTheDoor, atServices] = await Promise.all([
      badTokensForTheDoor(ground.suite, ground.callers),
      badTokensForServices(ground.suite, ground.callers),
    ]);
    const asked = protectedContracts.flatMap((contract) =>
      ground.callers
        .placesOf(contract)
        .flatMap((place) =>
          (place.name === 'gateway' ? atTheDoor : atServices).map((token) => ({ contract, place, token })),
        ),
    );

    await forEach(asked, async ({ contract, place, token }) => {
      const headers = token.authorization === null ? {} : { authorization: token.authorization };
      const shot = { method: contract.method, path: contract.path, headers };
      const expected = { statuses: [401], codes: ['platform.unauthenticated'] };
      await ground.ask({ contract, place, what: token.what, shot, expected });
    });

    nothingToComplain(asked.length);
  });

  it('left no row in any business table, and records of who was turned away', async () => {
    expect(await ground.settled()).to.deep.equal(rowsBefore);
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

  it('finds new keys at once, old ones until they are gone, and known ones while AuthGate is away', async () => {
    const person = { subject: 'usr_rotating', account: mine.account };
    const ask = async (token: string): Promise<number> => {
      const shot = { method: 'GET', path: ListSubscriptions.path, headers: { authorization: `Bearer ${token}` } };
      return (await ground.send(ground.callers.gateway.baseUrl, shot)).status;
    };
    const sandbox = (path: string, body: unknown = {}) =>
      fetch(`${ground.suite.facts.sandboxUrl}/_sandbox/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const accepted = (token: string, what: string) =>
      until(what, () => ask(token), { enough: (status) => status === 200, deadlineMs: 5000, everyMs: 200 });

    const [old, unseen] = await Promise.all([
      ground.callers.mint(person),
      ground.callers.mint({ ...person, subject: 'usr_b' }),
    ]);
    expect(await ask(old)).to.equal(200);
    await sandbox('rotate-keys');
    const fresh = await ground.callers.mint(person);
    await accepted(fresh, 'a token of the new key');
    expect([await ask(old), await ask(unseen)]).to.deep.equal([200, 200]);

    for (let rotations = 0; rotations < 3; rotations += 1) await sandbox('rotate-keys');
    await accepted(await ground.callers.mint(person), 'a token of the newest key');
    expect([await ask(old), await ask(unseen)]).to.deep.equal([401, 401]);

    const later = await ground.callers.mint({ ...person, subject: 'usr_later' });
    await sandbox('jwks-down', { seconds: 30 });
    const forged = await forgedKeyIds(100);
    await forEach(forged, async ({ what, authorization }) => {
      const shot = {
        method: 'GET',
        path: GetSubscriptionStatus.path,
        headers: { authorization: String(authorization) },
      };
      const expected = { statuses: [401], codes: ['platform.unauthenticated'] };
      await ground.ask({ contract: GetSubscriptionStatus, place: ground.callers.gateway, what, shot, expected });
    });
    expect(await ask(later)).to.equal(200);
    nothingToComplain(forged.length);
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
