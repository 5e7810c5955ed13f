import { expect } from 'chai';

import { type Denial } from '../domain/denial.ts';
import { makeDenialLog } from './record-denials.ts';

const START_MS = Date.parse('2026-03-02T09:00:30Z');

const denial = (changes: Partial<Denial> = {}): Denial => ({
  actor: null,
  accountId: null,
  route: { name: 'ListPlans', method: 'GET', path: '/v1/plans' },
  code: 'platform.unauthenticated',
  reason: 'The token has expired.',
  requestId: 'req_1',
  ip: '203.0.113.9',
  at: new Date(START_MS),
  ...changes,
});

const setUp = () => {
  const time = { nowMs: START_MS };
  return { time, log: makeDenialLog({ wallClock: { nowMs: () => time.nowMs } }) };
};

describe('makeDenialLog', () => {
  it('keeps attempts with a valid token one by one', () => {
    const { log } = setUp();
    const actor = { kind: 'customer', id: 'usr-1' } as const;

    log.add(denial({ actor }));
    log.add(denial({ actor, requestId: 'req_2' }));

    expect([log.takeSingle()?.requestId, log.takeSingle()?.requestId, log.takeSingle()]).to.deep.equal([
      'req_1',
      'req_2',
      null,
    ]);
  });

  it('counts attempts without one by reason, network and minute, once the minute is over', () => {
    const { time, log } = setUp();
    for (const ip of ['203.0.113.9', '203.0.113.77', '198.51.100.1']) log.add(denial({ ip }));
    log.add(denial({ reason: 'The request needs a token.' }));

    const during = log.takeCounted(false);
    time.nowMs += 30_000;
    const after = log.takeCounted(false);

    expect(during).to.deep.equal([]);
    expect(
      after.map(({ networkPrefix, count, reason }) => [networkPrefix, count, reason.includes('expired')]),
    ).to.deep.equal([
      ['203.0.113.0/24', 2, true],
      ['198.51.100.0/24', 1, true],
      ['203.0.113.0/24', 1, false],
    ]);
    expect(log.takeCounted(true)).to.deep.equal([]);
  });

  it('loses no count when its memory is full', () => {
    const { log } = setUp();
    const attempts = 7000;

    for (let network = 0; network < attempts; network += 1) {
      log.add(denial({ ip: `10.${Math.floor(network / 256)}.${network % 256}.1` }));
    }
    const taken = log.takeCounted(true);

    expect(taken.length).to.be.at.most(5001);
    expect(taken.reduce((sum, { count }) => sum + count, 0)).to.equal(attempts);
  });
});
