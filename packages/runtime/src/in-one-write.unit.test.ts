import { Writable } from 'node:stream';

import { expect } from 'chai';

import { inOneWrite } from './in-one-write.ts';

describe('inOneWrite', () => {
  const written: string[][] = [];
  const makeStream = (): Writable =>
    new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => {
        written.push([String(chunk)]);
        done();
      },
      writev: (chunks, done) => {
        written.push(chunks.map(({ chunk }) => String(chunk)));
        done();
      },
    });
  beforeEach(() => written.splice(0));

  it('sends what is said at once together, and gives back what was said', () => {
    const stream = makeStream();
    const said = inOneWrite(stream, () => {
      for (const word of ['begin', 'insert', 'commit']) stream.write(word);
      return 3;
    });

    expect(said).to.equal(3);
    expect(written).to.deep.equal([['begin', 'insert', 'commit']]);
  });

  it('sends what was said before a failure, and what comes after it by itself', () => {
    const stream = makeStream();
    const fail = (): void => {
      stream.write('begin');
      throw new Error('no values');
    };

    expect(() => inOneWrite(stream, fail)).to.throw('no values');
    stream.write('rollback');
    expect(written).to.deep.equal([['begin'], ['rollback']]);
  });
});
