import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { type HandOver, makeHandOver } from './relay-hand-over.ts';
import { type OutboxRow } from './stores.ts';

describe('makeHandOver', () => {
  const rowOf = (position: string, type = 'invoice.paid.v1'): OutboxRow => {
    const envelope = {
      specversion: '1.0',
      id: `evt_${position}`,
      source: 'invoicing',
      type,
      subject: 'inv_1',
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      correlationid: 'c',
      causationid: 'c',
      actorkind: 'system',
      actorid: 'invoicing',
      version: 1,
      data: {},
    } as const;
    return { position, envelope };
  };
  const record = (position: string): OutboxRow => rowOf(position, 'audit.record-action');

  let begun: (readonly string[])[];
  let looks: number;
  let room: boolean;
  let handOver: HandOver;
  beforeEach(() => {
    begun = [];
    looks = 0;
    room = true;
    handOver = makeHandOver({
      rowsMax: 3,
      mayLinger: ({ envelope }) => envelope.type === 'audit.record-action',
      hasRoom: () => room,
      begin: (rows) => begun.push(rows.map(({ position }) => position)),
      lookAgain: () => (looks += 1),
    });
  });
  afterEach(() => handOver.end('is_left'));

  it('begins at once with what somebody waits for, and with what lingered before it', () => {
    expect(handOver.take([record('1')])).to.equal(true);
    expect(begun).to.deep.equal([]);
    expect(handOver.positions()).to.deep.equal(['1']);
    expect(handOver.empty()).to.equal(false);

    expect(handOver.take([rowOf('2'), record('3')])).to.equal(true);

    expect(begun).to.deep.equal([['1', '2', '3']]);
    expect(handOver.empty()).to.equal(true);
  });

  it('begins a little later with what nobody waits for', async () => {
    handOver.take([record('1')]);
    handOver.take([record('2')]);
    await pause(60);
    expect(begun).to.deep.equal([['1', '2']]);
  });

  it('takes nothing where there is no room, nor more than may be carried at once', () => {
    room = false;
    expect(handOver.take([rowOf('1')])).to.equal(false);
    room = true;
    expect(handOver.take(['1', '2', '3', '4'].map((position) => rowOf(position)))).to.equal(false);
    expect(handOver.take([record('5'), record('6')])).to.equal(true);
    expect(handOver.take([record('7'), record('8')])).to.equal(false);
    expect(begun).to.deep.equal([]);
  });

  it('has the outbox looked at for what lingered and then found no room', async () => {
    handOver.take([record('1')]);
    room = false;
    await pause(60);
    expect({ begun, looks, left: handOver.positions() }).to.deep.equal({ begun: [], looks: 1, left: [] });
  });

  it('has nothing read that was taken since the read began', () => {
    handOver.take([rowOf('1')]);
    handOver.beginRead();
    handOver.take([rowOf('2')]);
    expect(handOver.endRead([rowOf('1'), rowOf('2'), rowOf('3')])).to.deep.equal([rowOf('1'), rowOf('3')]);
  });

  it('takes nothing that was read already', () => {
    handOver.beginRead();
    handOver.endRead([rowOf('1')]);
    expect(handOver.take([rowOf('1'), rowOf('2')])).to.equal(true);
    expect(begun).to.deep.equal([['2']]);
  });

  it('ends by beginning what waits, or by leaving it, and takes nothing more', async () => {
    handOver.take([record('1')]);
    handOver.end('begins');
    expect(begun).to.deep.equal([['1']]);
    expect(handOver.take([rowOf('2')])).to.equal(false);

    const other = makeHandOver({
      rowsMax: 3,
      mayLinger: () => true,
      hasRoom: () => true,
      begin: (rows) => begun.push(rows.map(({ position }) => position)),
      lookAgain: () => (looks += 1),
    });
    other.take([record('3')]);
    other.end('is_left');
    await pause(60);
    expect(begun).to.deep.equal([['1']]);
    expect(other.empty()).to.equal(true);
  });
});
