import { expect } from 'chai';

import { makeBoundedCache } from './bounded-cache.ts';

describe('makeBoundedCache', () => {
  it('knows an entry until its time has come', () => {
    const cache = makeBoundedCache<string>(10);
    cache.set('a', 'x', 100);

    expect(cache.get('a', 99)).to.equal('x');
    expect(cache.get('a', 100)).to.equal(null);
    expect(cache.size()).to.equal(0);
  });

  it('forgets the least recently used one when full', () => {
    const cache = makeBoundedCache<string>(2);
    cache.set('a', 'x', 100);
    cache.set('b', 'y', 100);
    cache.get('a', 0);
    cache.set('c', 'z', 100);

    expect(['a', 'b', 'c'].map((key) => cache.get(key, 0))).to.deep.equal(['x', null, 'z']);
  });

  it('does not keep what nobody asks for again', () => {
    const cache = makeBoundedCache<number>(1_000);
    for (let second = 0; second < 500; second += 1) {
      expect(cache.get(`token ${second}`, second)).to.equal(null);
      cache.set(`token ${second}`, second, second + 60);
    }

    expect(cache.size()).to.equal(60);
    expect(cache.get('token 440', 499)).to.equal(440);
  });

  it('keeps what is still asked for behind what is not', () => {
    const cache = makeBoundedCache<string>(10);
    cache.set('often', 'x', 1_000);
    cache.set('once', 'y', 10);
    cache.get('often', 5);

    expect(cache.get('new', 20)).to.equal(null);
    expect(cache.size()).to.equal(1);
    expect(cache.get('often', 20)).to.equal('x');
  });
});
