import { connect } from 'node:net';

const LOCAL = { host: '127.0.0.1', port: 5672, deadlineMs: 500 };
const LOCAL_URL = `amqp://guest:guest@${LOCAL.host}:${String(LOCAL.port)}`;

let found: Promise<string | null> | null = null;

/**
 * The broker tests may use: RABBITMQ_URL, or one that answers on this machine, or null. A suite that gets null says in
 * one line that it is left out. Asked once per process.
 */
export const rabbitTestUrl = (): Promise<string | null> => {
  found ??= findBroker();
  return found;
};

const findBroker = async (): Promise<string | null> => {
  const given = process.env['RABBITMQ_URL'];
  if (given !== undefined && given !== '') return given;
  return (await answers()) ? LOCAL_URL : null;
};

const answers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(LOCAL.port, LOCAL.host);
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(LOCAL.deadlineMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
