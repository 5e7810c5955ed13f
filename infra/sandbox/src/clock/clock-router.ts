import express, { type Response, Router } from 'express';
import { z } from 'zod';

import { type Advanced, advanceTo, type AdvanceDeps } from './advance.ts';
import { Report } from './participants.ts';

const DAYS_MAX = 3_660;
const HOUR_MS = 60 * 60 * 1000;

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

  router.use(['/sandbox/clock', '/_sandbox/clock'], express.json({ limit: '4kb' }));
  router.get(['/sandbox/clock', '/_sandbox/clock'], (_req, res) => {
    res.json(told());
  });
  router.post(['/sandbox/clock/advance', '/_sandbox/clock/advance'], async (req, res) => {
    const asked = AdvanceRequest.safeParse(req.body);
    if (!asked.success) return void res.status(400).json({ error: z.prettifyError(asked.error) });
    moving.count += 1;
    participants.call();
    try {
      const advanced = await inTurn(() => advance(deps, asked.data));
      if (advanced === null) return void res.status(409).json({ error: `It is later already: ${told().now}.` });
      return void res.json({ ...told(), from: advanced.from.toISOString(), steps: advanced.steps, moving: false });
    } catch (error) {
      return void res.status(503).json({ error: error instanceof Error ? error.message : String(error), ...told() });
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

const advance = (deps: AdvanceDeps, { days, hours, to }: z.infer<typeof AdvanceRequest>): Promise<Advanced | null> => {
  const now = deps.clock.now().getTime();
  const target = to === undefined ? new Date(now + ((days ?? 0) * 24 + (hours ?? 0)) * HOUR_MS) : new Date(to);
  return target.getTime() < now ? Promise.resolve(null) : advanceTo(deps, target);
};

/** Aborts when the caller hangs up before it was answered. */
const goneOf = (response: Response): AbortSignal => {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
};
