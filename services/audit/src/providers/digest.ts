import { createHash } from 'node:crypto';

import { assert } from '@quittance/kernel';
import canonicalize from 'canonicalize';

import { type Digest } from '../domain/chain.ts';

export const digest: Digest = {
  canonical: (value) => {
    const text = canonicalize(value);
    assert(text !== undefined, 'this value has no canonical JSON');
    return text;
  },
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
};
