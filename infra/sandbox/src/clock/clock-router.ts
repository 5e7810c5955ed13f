import { toError } from '@quittance/kernel';
import express, { type ErrorRequestHandler, type Response, Router } from 'express';
import { z } from 'zod';

import { type Advanced, advanceTo, type AdvanceDeps } from './advance.ts';
import { Report } from './participants.ts';

const DAYS_MAX = 3_660;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** One of them: how far, or to when. */
const AdvanceRequest = z
  .strictObject({
    days: z.number().positive().max(DAYS_MAX).optional(),
    hours: z
      .number()
      .positive()
      .max(DAYS_MAX * 24)
      .optional(),
    to: z.iso.datetime().optional(),
  })
  .refine(({ days, hours, to }) => [days, hours, to].filter((given) => given !== undefined).length === 1, {
    error: 'give one of days, hours and to',
  });

/** Express knows an error handler by its four parameters. */
// oxlint-disable-next-line max-params
const notJson: ErrorRequestHandler = (_error, _req, res, _next) => {
  refuse(res, 'sandbox.clock_not_json', 'The body must be JSON of at most 4 kB, like {"days":31}.');
};

const PROBLEMS = {
  'sandbox.clock_not_json': { status: 400, remedy: 'Send one JSON object, with Content-Type: application/json.' },
  'sandbox.clock_invalid': { status: 400, remedy: 'Say how far, in days or hours, or to which instant.' },
  'sandbox.clock_is_later': { status: 409, remedy: 'Time is never moved back: name an instant that is to come.' },
  'sandbox.clock_unfinished': { status: 503, remedy: 'Ask again: the clock goes on from where it stands.' },
} as const;

/** As the platform's routes refuse: a problem of RFC 9457 with a code that stays. */
const refuse = (response: Response, code: keyof typeof PROBLEMS, told: string | { readonly detail: string }): void => {
  const { status, remedy } = PROBLEMS[code];
  const facts = typeof told === 'string' ? { detail: told } : told;
  const problem = { type: 'about:blank', title: 'The clock was not moved', status, code, remedy, ...facts };
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
};

/** Moves one at a time; a second one waits its turn. */
export const makeClockRouter = (deps: AdvanceDeps & { readonly moving: { count: number } }): Router => {
  const { clock, participants, moving } = deps;
  const router = Router();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.catch(() => undefined).then(work);
    last = turn;
    return turn;
  };
  const told = () => ({ now: clock.now().toISOString(), offsetMs: clock.offsetMs(), moving: moving.count > 0 });

  router.use(['/sandbox/clock', '/_sandbox/clock'], express.json({ limit: '4kb' }), notJson);
  router.get(['/sandbox/clock', '/_sandbox/clock'], (_req, res) => {
    res.json(told());
  });
  router.post(['/sandbox/clock/advance', '/_sandbox/clock/advance'], async (req, res) => {
    const asked = AdvanceRequest.safeParse(req.body);
    if (!asked.success) return refuse(res, 'sandbox.clock_invalid', z.prettifyError(asked.error));
    if (targetOf(asked.data, clock.now()).getTime() > clock.now().getTime() + DAYS_MAX * DAY_MS) {
      return refuse(res, 'sandbox.clock_invalid', `to: may be at most ${DAYS_MAX} days ahead of ${told().now}`);
    }
    moving.count += 1;
    participants.call();
    try {
      const advanced = await inTurn(() => advance(deps, asked.data));
      if (advanced === null) return refuse(res, 'sandbox.clock_is_later', `It is later already: ${told().now}.`);
      return void res.json({ ...told(), from: advanced.from.toISOString(), steps: advanced.steps, moving: false });
    } catch (error) {
      return refuse(res, 'sandbox.clock_unfinished', { detail: toError(error).message, ...told() });
    } finally {
      moving.count -= 1;
    }
  });
  router.post('/_sandbox/clock/instances', async (req, res) => {
    const report = Report.parse(req.body);
    await participants.report(report, goneOf(res));
    res.json({ revision: clock.revision(), offsetMs: clock.offsetMs(), moving: moving.count > 0 });
  });
  router.delete('/_sandbox/clock/instances/:instance', (req, res) => {
    participants.leave(req.params.instance);
    res.status(204).end();
  });
  return router;
};

const advance = (deps: AdvanceDeps, asked: Asked): Promise<Advanced | null> => {
  const now = deps.clock.now();
  const target = targetOf(asked, now);
  return target < now ? Promise.resolve(null) : advanceTo(deps, target);
};

type Asked = z.infer<typeof AdvanceRequest>;

const targetOf = ({ days, hours, to }: Asked, now: Date): Date =>
  to === undefined ? new Date(now.getTime() + (days ?? 0) * DAY_MS + (hours ?? 0) * HOUR_MS) : new Date(to);

/** Aborts when the caller hangs up before it was answered. */
const goneOf = (response: Response): AbortSignal => {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
};
