import { type ServiceProcess, until } from '@quittance/local';
import { type ClockShift } from '@quittance/runtime';

import { type FaultGround } from './fault-ground.ts';
import { type StandIn, untilDelivered } from './stand-in.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const TRUE_TIME: ClockShift = { businessMs: 0, wallMs: 0 };

/** Both clocks of a machine, as one wrong time server sets them. */
export const offBy = (ms: number): ClockShift => ({ businessMs: ms, wallMs: ms });

/** Every process of the suite that keeps time; a process that is started again tells the true one. */
export const setClocks = async (
  { processes }: Pick<FaultGround, 'processes'>,
  shiftOf: (process: ServiceProcess) => ClockShift,
): Promise<void> => {
  await Promise.all(
    processes
      .filter(({ service }) => service !== 'console')
      .map((process) => {
        const { businessMs, wallMs } = shiftOf(process);
        return process.ask({ shiftBusinessMs: businessMs, shiftWallMs: wallMs });
      }),
  );
};

/** Time passes for the provider and for the rail that watches it; nobody else is concerned. */
export const letTimePassAtTheRail = async (
  ground: Pick<FaultGround, 'processes'>,
  standIn: StandIn,
  ms: number,
): Promise<void> => {
  await standIn.shiftClocks(offBy(ms));
  await setClocks(ground, ({ service }) => (service === 'payments-card' ? offBy(ms) : TRUE_TIME));
};

/**
 * The end of that: a webhook whose next try, at the provider or in the inbox, is at a later time would wait for it, so
 * first all of them come to their end. What has not by then, L1 will tell of.
 */
export const backToTrueTime = async (
  ground: Pick<FaultGround, 'processes' | 'truths'>,
  standIn: StandIn,
): Promise<void> => {
  await untilDelivered(standIn)
    .then(() => untilWorkedOff(ground))
    .catch(() => undefined);
  await letTimePassAtTheRail(ground, standIn, 0);
};

const untilWorkedOff = async ({ truths }: Pick<FaultGround, 'truths'>): Promise<void> => {
  const waiting = () => truths.rows('payments-card', "SELECT 1 FROM provider_events WHERE state = 'received' LIMIT 1");
  await until('every event to be worked off', waiting, {
    enough: (rows) => rows.length === 0,
    deadlineMs: 120_000,
    everyMs: 250,
  });
};
