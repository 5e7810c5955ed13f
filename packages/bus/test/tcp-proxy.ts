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

/** Something between a client and a server that can be disturbed. */
export const makeTcpProxy = async (server: { readonly host: string; readonly port: number }): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  let frozen = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    if (frozen) socket.pause();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const listener = createServer((inner) => {
    const outer = connect(server.port, server.host);
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
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = must(listener.address(), 'an address to listen on');
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
        listener.close(resolve);
      });
    },
  };
};
