import { expect } from 'chai';
import fc from 'fast-check';

import { digest } from '../providers/digest.ts';
import { type RecordCore } from './audit-record.ts';
import { GENESIS, linkHash, payloadHash, sealAll } from './chain.ts';
import { type Link, verifyLinks } from './verify-links.ts';

const record = (change: Partial<RecordCore> = {}): RecordCore => ({
  id: 'aud_01',
  service: 'invoicing',
  action: 'invoice.issued',
  subject: { type: 'invoice', id: 'inv_01' },
  accountId: 'acc_1',
  actor: { kind: 'customer', id: 'usr_1' },
  result: 'succeeded',
  reason: null,
  count: 1,
  correlationId: 'chk_01',
  requestId: null,
  sourceIp: '192.0.2.7',
  payloadHash: payloadHash({}, digest),
  occurredAt: new Date('2026-03-02T09:00:00.000Z'),
  recordedAt: new Date('2026-03-02T09:00:00.120Z'),
  ...change,
});

const chainOf = (records: readonly RecordCore[]): Link[] =>
  sealAll(GENESIS, records, digest).map((seal, index) => ({ seal, record: records[index] ?? null, payload: null }));

const three = () => [record({ id: 'aud_01' }), record({ id: 'aud_02' }), record({ id: 'aud_03' })];

describe('linkHash', () => {
  it('is what it was when the first record was sealed', () => {
    // sha256(64 zeros, line feed, RFC 8785 text of the core), computed outside this code.
    expect(linkHash(GENESIS.hash, record(), digest)).to.equal(
      '1aee2134f368da64f4667a46a90cd73ff7edfeee74a3f1f37990fda5eefa2635',
    );
  });
});

describe('verifyLinks', () => {
  it('follows an unbroken chain to its end', () => {
    const links = chainOf(three());

    const verdict = verifyLinks(GENESIS, links, digest);

    expect(verdict).to.deep.equal({
      head: { sequence: 3, hash: links[2]?.seal.hash },
      checked: 3,
      problem: null,
    });
  });

  it('holds for any records in any number of batches', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 20 }), fc.nat(20), (reasons, cut) => {
        const links = chainOf(
          reasons.map((reason, index) => record({ id: `aud_${index}`, reason: reason.toWellFormed() })),
        );
        const first = verifyLinks(GENESIS, links.slice(0, cut), digest);
        const second = verifyLinks(first.head, links.slice(cut), digest);
        return first.problem === null && second.problem === null && second.head.sequence === links.length;
      }),
    );
  });

  const changes: readonly [string, Partial<RecordCore>][] = [
    ['the action', { action: 'invoice.paid' }],
    ['the subject', { subject: { type: 'invoice', id: 'inv_02' } }],
    ['the actor', { actor: { kind: 'system', id: 'usr_1' } }],
    ['the result', { result: 'denied' }],
    ['the instant', { occurredAt: new Date('2026-03-02T09:00:00.001Z') }],
    ['the hash of the payload', { payloadHash: payloadHash({ after: 1 }, digest) }],
    ['the count', { count: 2 }],
  ];
  for (const [what, change] of changes) {
    it(`finds a record in which ${what} was changed`, () => {
      const links = chainOf(three()).map((link, index) =>
        index === 1 ? { ...link, record: record({ id: 'aud_02', ...change }) } : link,
      );

      const verdict = verifyLinks(GENESIS, links, digest);

      expect(verdict.head.sequence).to.equal(1);
      expect(verdict.problem).to.deep.equal({
        sequence: 2,
        recordId: 'aud_02',
        problem: 'the record is not what was sealed',
      });
    });
  }

  it('finds a gap, a removed record and a seal made anew', () => {
    const links = chainOf(three());
    const gone = links.map((link, index) => (index === 1 ? { ...link, record: null } : link));
    const [first, , third] = links;
    const forged = sealAll({ sequence: 1, hash: 'f'.repeat(64) }, [record({ id: 'aud_02' })], digest);

    expect(verifyLinks(GENESIS, gone, digest).problem?.problem).to.equal('the sealed record is gone');
    expect(
      verifyLinks(
        GENESIS,
        [first, third].filter((link) => link !== undefined),
        digest,
      ).problem?.problem,
    ).to.equal('the chain has a gap: after 1 comes 3');
    expect(
      verifyLinks(
        GENESIS,
        [...links.slice(0, 1), ...forged.map((seal) => ({ seal, record: record({ id: 'aud_02' }), payload: null }))],
        digest,
      ).problem?.problem,
    ).to.equal('this seal does not follow the one before it');
  });

  it('compares a payload while it is there, and accepts that it is erased', () => {
    const payload = { after: { b: 1, a: [true, null] } };
    const sealed = chainOf([record({ payloadHash: payloadHash(payload, digest) })]);
    const withPayload = (shown: Link['payload']) => sealed.map((link) => ({ ...link, payload: shown }));

    expect(verifyLinks(GENESIS, withPayload({ after: { a: [true, null], b: 1 } }), digest).problem).to.equal(null);
    expect(verifyLinks(GENESIS, withPayload(null), digest).problem).to.equal(null);
    expect(verifyLinks(GENESIS, withPayload({ after: { b: 2 } }), digest).problem?.problem).to.equal(
      'the payload is not what was sealed',
    );
  });
});
