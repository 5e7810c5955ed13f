import { type AddressInfo } from 'node:net';

import { fakeClock } from '@quittance/testkit';
import { expect } from 'chai';
import express from 'express';
import { z } from 'zod';

import { advanceTo, type AdvanceDeps } from './advance.ts';
import { makeClockRouter } from './clock-router.ts';
import { type MovedClock } from './moved-clock.ts';
import { makeParticipants, type Report } from './participants.ts';

const START = '2026-03-02T09:00:00.000Z';
const at = (day: number): Date => new Date(Date.parse(START) + day * 86_400_000);
const NEVER = new AbortController().signal;

/** The suite's clock without its database. */
const aMovedClock = (): MovedClock => {
  const clock = fakeClock(START);
  let revision = 0;
  return {
    now: clock.now,
    offsetMs: () => clock.now().getTime() - Date.parse(START),
    revision: () => revision,
    moveTo: (instant) => {
      if (instant > clock.now()) clock.set(instant);
      revision += 1;
      return Promise.resolve();
    },
  };
};

/** A clock with processes that follow it; each says what `life` tells it to, as often as it is asked. */
const aGround = () => {
  const clock = aMovedClock();
  const moving = { count: 1 };
  const participants = makeParticipants(() => moving.count > 0, { absentMs: 300, silentMs: 150, holdMs: 50 });
  const world = {
    tick: () => Promise.resolve(),
    quiet: () => Promise.resolve(true),
    nextDueAt: () => Promise.resolve(null),
  };
  const deps: AdvanceDeps & { moving: typeof moving } = { clock, participants, world, moving, quietWithinMs: 1000 };
  const gone = new AbortController();
  const follow = (instance: string, life: () => Partial<Report>, until: AbortSignal = gone.signal): void => {
    const say = async (): Promise<void> => {
      if (until.aborted) return;
      const report = { services: [instance], revision: clock.revision(), quiet: true, waitsFor: null, nextDueAt: null };
      await participants.report({ instance, activity: 0, ...report, ...life() }, NEVER);
      setImmediate(() => void say());
    };
    void say();
  };
  return { clock, deps, participants, follow, end: () => gone.abort() };
};

const failure = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'it went well';
  } catch (error) {
    return error instanceof Error ? error.message : 'no Error';
  }
};

describe('advanceTo', function () {
  this.timeout(10_000);
  let ground: ReturnType<typeof aGround>;
  beforeEach(() => {
    ground = aGround();
  });
  afterEach(() => ground.end());

  it('stops at every due instant on the way, in order, and nowhere else', async () => {
    const due = [at(3), at(1), at(40)];
    const done: string[] = [];
    ground.follow('billing', () => {
      const next = due.toSorted((a, b) => a.getTime() - b.getTime())[0];
      if (next !== undefined && next <= ground.clock.now()) {
        done.push(ground.clock.now().toISOString());
        due.splice(due.indexOf(next), 1);
      }
      const rest = due.toSorted((a, b) => a.getTime() - b.getTime())[0];
      return { nextDueAt: rest?.toISOString() ?? null, activity: done.length };
    });

    const advanced = await advanceTo(ground.deps, at(31));

    expect(done).to.deep.equal([at(1).toISOString(), at(3).toISOString()]);
    expect(advanced).to.deep.equal({ from: at(0), now: at(31), steps: 2 });
  });

  it('waits while somebody is busy, and while a message is between two that look idle', async () => {
    let asked = 0;
    // Busy for ten reports; then idle, but committing something between any two of the next ten.
    ground.follow('billing', () => {
      asked += 1;
      return { quiet: asked > 10, waitsFor: asked > 10 ? null : 'a message', activity: Math.min(asked, 20) };
    });

    await advanceTo(ground.deps, at(1));

    expect(asked).to.be.greaterThan(20);
  });

  it('waits for a process that has not heard of the new time', async () => {
    let heard = 0;
    ground.follow('billing', () => {
      heard += 1;
      return heard < 10 ? { revision: -1 } : {};
    });

    await advanceTo(ground.deps, at(1));

    expect(heard).to.be.greaterThan(10);
  });

  it('does what is due now when it is moved by nothing', async () => {
    ground.follow('billing', () => ({}));

    expect(await advanceTo(ground.deps, at(0))).to.deep.equal({ from: at(0), now: at(0), steps: 0 });
  });

  it('says that nobody is there', async () => {
    expect(await failure(advanceTo(ground.deps, at(1)))).to.equal('Nobody follows this clock.');
    expect(ground.clock.now()).to.deep.equal(at(0));
  });

  it('names who was killed on the way, and is finished when it comes back', async () => {
    const killed = new AbortController();
    ground.follow('billing', () => ({}));
    ground.follow('mail', () => ({}), killed.signal);
    await advanceTo(ground.deps, at(1));
    killed.abort();

    const told = await failure(advanceTo(ground.deps, at(2)));
    ground.follow('mail', () => ({}));
    const advanced = await advanceTo(ground.deps, at(2));

    expect(told).to.equal('mail is not there to follow the clock.');
    expect(advanced.now).to.deep.equal(at(2));
  });

  it('goes on without a process that has left while another does its work', async () => {
    const left = new AbortController();
    ground.follow('billing-1', () => ({ services: ['billing'] }));
    ground.follow('billing-2', () => ({ services: ['billing'] }), left.signal);
    await advanceTo(ground.deps, at(1));
    left.abort();
    ground.participants.leave('billing-2');

    expect((await advanceTo(ground.deps, at(2))).now).to.deep.equal(at(2));
  });

  it('gives up on an instant that stays due, and stands there', async () => {
    ground.follow('billing', () => ({ nextDueAt: at(1).toISOString() }));

    const told = await failure(advanceTo(ground.deps, at(31)));

    expect(told).to.equal(`What is due at ${at(1).toISOString()} is not being done.`);
    expect(ground.clock.now()).to.deep.equal(at(1));
  });

  it('says who was never quiet, and what they waited for', async () => {
    ground.follow('billing', () => ({}));
    ground.follow('mail', () => ({ quiet: false, waitsFor: '3 unsent' }));

    expect(await failure(advanceTo(ground.deps, at(1)))).to.equal(
      'The suite did not become quiet within 1 s: mail: 3 unsent.',
    );
  });
});

const Refusal = z.looseObject({ status: z.int(), code: z.string(), detail: z.string() });

describe('POST /sandbox/clock/advance', () => {
  let ground: ReturnType<typeof aGround>;
  let close: () => void;
  let url: string;
  before((done) => {
    ground = aGround();
    ground.deps.moving.count = 0;
    ground.follow('billing', () => ({}));
    const server = express()
      .use(makeClockRouter(ground.deps))
      .listen(0, '127.0.0.1', () => {
        const address = server.address();
        url = `http://127.0.0.1:${isTcp(address) ? address.port : 0}/sandbox/clock/advance`;
        done();
      });
    close = () => server.close();
  });
  after(() => {
    ground.end();
    close();
  });

  const advance = async (body: string) => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  };

  const refused: readonly [string, string, string, string][] = [
    ['nothing', '{}', 'sandbox.clock_invalid', 'give one of days, hours and to'],
    ['two ways at once', '{"days":1,"hours":1}', 'sandbox.clock_invalid', 'give one of days, hours and to'],
    ['no days', '{"days":0}', 'sandbox.clock_invalid', 'expected number to be >0'],
    ['days back', '{"days":-1}', 'sandbox.clock_invalid', 'expected number to be >0'],
    ['more than ten years', '{"days":3661}', 'sandbox.clock_invalid', 'expected number to be <=3660'],
    ['days beyond numbers', '{"days":1e400}', 'sandbox.clock_invalid', 'days'],
    ['days in words', '{"days":"31"}', 'sandbox.clock_invalid', 'expected number, received string'],
    [
      'an instant that has passed',
      '{"to":"2026-03-02T08:59:59.000Z"}',
      'sandbox.clock_is_later',
      'It is later already',
    ],
    ['no instant', '{"to":"tomorrow"}', 'sandbox.clock_invalid', 'Invalid ISO datetime'],
    [
      'more than ten years by an instant',
      '{"to":"2126-03-02T09:00:00.000Z"}',
      'sandbox.clock_invalid',
      'at most 3660 days ahead',
    ],
    ['an unknown word', '{"weeks":1}', 'sandbox.clock_invalid', 'Unrecognized key'],
    ['no JSON', '{"days":', 'sandbox.clock_not_json', 'must be JSON'],
  ];
  for (const [what, body, code, sentence] of refused) {
    it(`refuses ${what}, and stays where it is`, async () => {
      const before = ground.clock.now();
      const answer = await advance(body);

      const problem = Refusal.parse(JSON.parse(answer.text));

      expect(answer.type).to.equal('application/problem+json; charset=utf-8');
      expect(problem).to.include({ status: answer.status, code });
      expect(problem.detail).to.include(sentence);
      expect(ground.clock.now()).to.deep.equal(before);
    });
  }

  it('answers when it is there', async () => {
    const { status, text } = await advance('{"days":31}');

    expect(status).to.equal(200);
    expect(JSON.parse(text)).to.include({ from: START, now: at(31).toISOString(), steps: 0, moving: false });
  });
});

const isTcp = (address: AddressInfo | string | null): address is AddressInfo =>
  address !== null && typeof address !== 'string';
