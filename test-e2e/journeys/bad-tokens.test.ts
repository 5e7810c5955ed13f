import { GetSubscriptionStatus, httpContracts, ListSubscriptions } from '@quittance/contracts';
import { until } from '@quittance/local';
import { expect } from 'chai';
import { z } from 'zod';

import { type Expected } from '../support/bad-input/complaints.ts';
import { type Ground, openGround } from '../support/bad-input/ground.ts';
import { type Judge, makeJudge } from '../support/bad-input/judge.ts';
import { forEach } from '../support/bad-input/send.ts';
import { badTokensForServices, badTokensForTheDoor, forgedKeyIds } from '../support/bad-input/token-cases.ts';
import { mutatedTokens } from '../support/bad-input/token-mutations.ts';
import { wycheproofTokens } from '../support/bad-input/vectors.ts';
import { seeded } from '../support/bad-input/webhook-mutations.ts';

const FULL = process.env['BAD_INPUT_FULL'] === '1';
const MUTATIONS = FULL ? 10_000 : 800;
const FORGED_KEY_IDS = FULL ? 10_000 : 300;
/** As the suite sets it; 30 s where nothing is set (`packages/auth`). */
const REFETCH_MS = 2000;
const Fetches = z.object({ fetches: z.int() });
/** Each waits until its key is fetched, so that few of them are for every day. */
const ROTATIONS = FULL ? 50 : 2;
const SEED = Number(process.env['BAD_INPUT_SEED'] ?? 1);
const UNAUTHENTICATED: Expected = { statuses: [401], codes: ['platform.unauthenticated'] };
const protectedContracts = httpContracts.filter(({ access }) => typeof access !== 'string');

/** Whoever claims to be somebody and is not, at the door and behind it. */
describe('bad tokens', function () {
  this.timeout(FULL ? 1_800_000 : 180_000);
  let ground: Ground;
  let judge: Judge;

  before(async function () {
    this.timeout(120_000);
    ground = await openGround();
    judge = await makeJudge(ground);
  });

  after(async () => {
    await ground.stop();
    judge.report(SEED);
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
      await ground.ask({ contract, place, what: token.what, shot, expected: UNAUTHENTICATED });
    });

    judge.nothingToComplain(asked.length);
  });

  it('is nobody: changed, mixed, renamed, expired, for others, signed by others, or signed for others', async () => {
    const facts = {
      callers: ground.callers,
      issuer: `${ground.suite.facts.sandboxUrl}/authgate`,
      random: seeded(SEED),
    };
    const mutants = await mutatedTokens(MUTATIONS, facts);
    const vectors = (await wycheproofTokens()).map((token) => ({ what: 'a vector', authorization: `Bearer ${token}` }));
    const all = [...mutants, ...vectors];

    await forEach(all, async ({ what, authorization }, index) => {
      const contract = protectedContracts[index % protectedContracts.length] ?? ListSubscriptions;
      const places = ground.callers.placesOf(contract);
      const place = places[Math.floor(index / protectedContracts.length) % places.length] ?? ground.callers.gateway;
      const shot = { method: contract.method, path: contract.path, headers: { authorization: String(authorization) } };
      await ground.ask({ contract, place, what, shot, expected: UNAUTHENTICATED });
    });

    judge.nothingToComplain(all.length);
  });

  it('asks for the key set once in a while, however many unknown keys are named', async () => {
    const fetches = async (): Promise<number> => {
      const answer = await fetch(`${ground.suite.facts.sandboxUrl}/_sandbox/jwks-fetches`);
      return Fetches.parse(await answer.json()).fetches;
    };
    const place = ground.callers.gateway;
    const { method, path } = GetSubscriptionStatus;
    const forged = await forgedKeyIds(FORGED_KEY_IDS);
    const [before, sinceMs] = [await fetches(), performance.now()];

    await forEach(forged, async ({ what, authorization }) => {
      const shot = { method, path, headers: { authorization: String(authorization) } };
      await ground.ask({ contract: GetSubscriptionStatus, place, what, shot, expected: UNAUTHENTICATED });
    });

    const allowed = 1 + Math.ceil((performance.now() - sinceMs) / REFETCH_MS);
    const after = await fetches();
    expect(after - before).to.be.at.most(allowed);
    expect(after, 'fetches ever').to.be.greaterThan(0);
    judge.nothingToComplain(forged.length);
  });

  it('finds new keys at once, old ones until they are gone, and known ones while AuthGate is away', async () => {
    const person = { subject: 'usr_rotating', account: 'acc_rotating' };
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

    for (let rotations = 0; rotations < 2; rotations += 1) await sandbox('rotate-keys');
    for (let rotations = 1; rotations < ROTATIONS; rotations += 1) {
      await sandbox('rotate-keys');
      await accepted(await ground.callers.mint(person), 'a token of the newest key');
    }
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
      const place = ground.callers.gateway;
      await ground.ask({ contract: GetSubscriptionStatus, place, what, shot, expected: UNAUTHENTICATED });
    });
    expect(await ask(later)).to.equal(200);
    judge.nothingToComplain(forged.length + ROTATIONS);
  });

  it('left nothing in any table', () => judge.nothingStored());
});
