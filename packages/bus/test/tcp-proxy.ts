import { connect, createServer, type Socket } from 'node:net';

import { must } from '@quittance/kernel';

export interface TcpProxy {
  readonly port: number;
  /** Connections stay open and nothing moves any more, as when the other side is frozen. */
  freeze(): void;
  thaw(): void;
  /** Every connection ends at once, as when a cable is cut; new ones work. */
  cut(): void;
  close(): Promise<void>;
}

/** Something between a client and 127.0.0.1:port that can be disturbed. */
export const makeTcpProxy = async (port: number): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  let frozen = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    if (frozen) socket.pause();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((inner) => {
    const outer = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      keep(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = must(server.address(), 'an address to listen on');
  return {
    port: typeof address === 'string' ? 0 : address.port,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};
