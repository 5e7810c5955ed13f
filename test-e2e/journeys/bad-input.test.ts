import { httpContracts, ReceiveStripeWebhook } from '@quittance/contracts';
import { expect } from 'chai';

import { permittedRole, type Place } from '../support/bad-input/callers.ts';
import { casesOf } from '../support/bad-input/contract-cases.ts';
import { type Buyer, type Ground, openGround } from '../support/bad-input/ground.ts';
import { type Judge, makeJudge } from '../support/bad-input/judge.ts';
import { type Case } from '../support/bad-input/kit.ts';
import { randomCases } from '../support/bad-input/random-cases.ts';
import { forEach } from '../support/bad-input/send.ts';
import { tellOfCards } from '../support/bad-input/told-cards.ts';
import { CARD_PATTERN } from '../support/bad-input/values.ts';
import { stripeVectors } from '../support/bad-input/vectors.ts';
import { genuineEvent, mutation, seeded, signedHeader } from '../support/bad-input/webhook-mutations.ts';

const FULL = process.env['BAD_INPUT_FULL'] === '1';
const MUTATIONS = FULL ? 10_060 : 2000;
/** Of each contract. */
const RANDOM = FULL ? 2000 : 60;
const SEED = Number(process.env['BAD_INPUT_SEED'] ?? 1);

/** Strangers, broken clients and thieves against every contract, at the door and behind it. */
describe('bad input', function () {
  this.timeout(FULL ? 1_800_000 : 180_000);
  let ground: Ground;
  let mine: Buyer;
  let judge: Judge;

  before(async function () {
    this.timeout(120_000);
    ground = await openGround();
    mine = await ground.buy();
    judge = await makeJudge(ground);
  });

  after(async () => {
    await ground.stop();
    judge.report(SEED);
  });

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

    judge.nothingToComplain(asked.length);
    await judge.nothingStored();
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

    judge.nothingToComplain(asked.length);
    await judge.nothingStored();
  });

  it('is no webhook: forged, stale, early or changed, at the door and at the service', async () => {
    const secret = ground.suite.facts.secrets.stripeWebhookSecret;
    const nowSeconds = Math.floor(Date.now() / 1000);
    const facts = { secret, nowSeconds, random: seeded(SEED) };
    const places = ground.callers.placesOf(ReceiveStripeWebhook);
    const former = '/api/stripe/webhook';
    const codes = ['signature_invalid', 'malformed', 'wrong_mode'].map((why) => `payments_card.webhook_${why}`);
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

    judge.nothingToComplain(mutants.length + foreign.length);
    await judge.nothingStored();
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
    await judge.noteStored();
  });

  it('is kept without its card numbers where it is signed, and answered as ever', async () => {
    const asked = await tellOfCards(ground);

    judge.nothingToComplain(asked);
    await judge.nothingStored(/^payments-card: public\.provider_events:/);
    expect(await ground.databases.search('called about \\[card number\\]')).to.deep.equal([
      'payments-card: public.provider_events.payload',
    ]);
    await judge.noteStored();
  });

  it('left nothing in any table', () => judge.nothingStored());

  it('left every card number outside: in no table, no message and no line of a log', async () => {
    const found = await ground.databases.search(CARD_PATTERN);

    const logged = ground.log.filter((line) => new RegExp(CARD_PATTERN).test(line));
    expect(found).to.deep.equal([]);
    expect(logged.slice(0, 5)).to.deep.equal([]);
    expect(await ground.databases.columnsSearched()).to.be.greaterThan(100);
    // The search can find: the account’s id is in many places.
    expect(await ground.databases.search(mine.account)).not.to.deep.equal([]);
    expect(ground.log.length).to.be.greaterThan(1000);
  });

  it('made nobody look at a log: no line says that something broke', () => {
    const broken = ground.log.filter((line) => /"level":"(error|fatal)"/.test(line));
    expect(broken.slice(0, 5), `${broken.length} lines`).to.have.lengthOf(0);
  });
});

/** The first of every list, the second of every list …: no caller’s rate is used up while the others rest. */
const inTurn = <Item>(lists: readonly (readonly Item[])[]): readonly Item[] =>
  Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
