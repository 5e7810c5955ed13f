import { Secret } from '@quittance/kernel';
import { expect } from 'chai';

import { makeLogger } from './logger.ts';

const linesOf = (log: (logger: ReturnType<typeof makeLogger>) => void): string => {
  let written = '';
  log(
    makeLogger({ service: 'catalog', level: 'info', destination: { write: (line: string) => void (written += line) } }),
  );
  return written;
};

describe('makeLogger', () => {
  it('removes authorization and other secret fields down to three levels', () => {
    const line = linesOf((logger) =>
      logger.info({ authorization: 'Bearer a1', req: { headers: { authorization: 'Bearer b2', cookie: 'c3' } } }, 'x'),
    );

    expect(line).not.to.match(/a1|b2|c3/);
    expect(line).to.contain('[secret]');
  });

  it('removes them from lists and changes nothing that was handed in', () => {
    const list = [{ token: 'd4', note: 'kept' }];

    const line = linesOf((logger) => logger.info({ list }, 'x'));

    expect(line).not.to.match(/d4/);
    expect(line).to.contain('kept');
    expect(list).to.deep.equal([{ token: 'd4', note: 'kept' }]);
  });

  it('never prints a Secret, wherever it stands', () => {
    const url = new Secret('postgresql://u:hunter2@h/db');

    const line = linesOf((logger) => logger.info({ url, deep: { list: [url] } }, `at ${String(url)}`));

    expect(line).not.to.contain('hunter2');
  });

  it('tells an error by name, message, code, stack and causes, and nothing that a driver hung on it', () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET', client: { statement: 'SELECT 42' } });

    const line = linesOf((logger) => logger.warn({ err: new Error('no answer', { cause }) }, 'x'));

    expect(JSON.parse(line)).to.have.nested.include({
      'err.message': 'no answer',
      'err.cause.message': 'reset',
      'err.cause.code': 'ECONNRESET',
    });
    expect(line).not.to.contain('SELECT 42');
  });

  it('replaces card numbers in any string and keeps the line one JSON document', () => {
    const line = linesOf((logger) =>
      logger.info(
        { note: 'card 4242 4242 4242 4242 ok', amountMinor: 4_242_424_242_424_242 },
        'got 4111-1111-1111-1111',
      ),
    );

    const parsed: unknown = JSON.parse(line);
    expect(parsed).to.include({
      note: 'card [card number] ok',
      amountMinor: 4_242_424_242_424_242,
      msg: 'got [card number]',
    });
  });
});
