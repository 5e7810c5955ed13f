import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { must } from '@quittance/kernel';

export interface TcpProxy {
  readonly port: number;
  /** Half open: connections stay, new ones are taken, and nothing moves any more, as when the other side is frozen. */
  freeze(): void;
  thaw(): void;
  /** Every connection ends at once, as when a cable is cut; new ones work. */
  cut(): void;
  /** What is sent from now on arrives so much later, in order. 0: as fast as it can. */
  delay(delayMs: number): void;
  close(): Promise<void>;
}

interface Disturbance {
  frozen: boolean;
  delayMs: number;
}

export interface ProxiedServer {
  readonly host: string;
  readonly port: number;
  /** Asked once a connection; what comes back is shown everything that the client sends, as it comes. */
  readonly tap?: () => (bytes: Buffer) => void;
}

/** Something between a client and a server that can be disturbed. */
export const makeTcpProxy = async (server: ProxiedServer): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  const disturbance: Disturbance = { frozen: false, delayMs: 0 };
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    if (disturbance.frozen) socket.pause();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const listener = createServer((inner) => {
    const outer = connect(server.port, server.host);
    const show = server.tap?.();
    if (show !== undefined) inner.on('data', show);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      keep(from);
      forward(from, to, disturbance);
    }
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = must(listener.address(), 'an address to listen on');
  return {
    port: typeof address === 'string' ? 0 : address.port,
    freeze: () => {
      disturbance.frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      disturbance.frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    delay: (delayMs) => {
      disturbance.delayMs = delayMs;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        listener.close(resolve);
      });
    },
  };
};

/** One direction. What was sent first arrives first, also when the delay shrinks meanwhile. */
const forward = (from: Socket, to: Socket, disturbance: Disturbance): void => {
  let tail: Promise<unknown> | null = null;
  const inTurn = (work: () => void): void => {
    const { delayMs } = disturbance;
    if (tail === null && delayMs === 0) {
      work();
      return;
    }
    const dueMs = performance.now() + delayMs;
    const mine: Promise<unknown> = Promise.resolve(tail)
      .then(() => pause(Math.max(0, dueMs - performance.now())))
      .then(work)
      .finally(() => {
        if (tail === mine) tail = null;
      });
    tail = mine;
  };
  from.on('data', (bytes) => inTurn(() => to.write(bytes)));
  from.on('end', () => inTurn(() => to.end()));
  // Without its goodbye: a cut, which the other side feels at once.
  from.on('close', () => {
    if (!from.readableEnded) to.destroy();
  });
};
