import { allMessages } from '@quittance/contracts';
import { expect } from 'chai';

import { rabbitMqDefinitions } from './definitions.ts';

describe('rabbitMqDefinitions', () => {
  const { exchanges, queues, bindings } = rabbitMqDefinitions(allMessages, [100, 200, 200]);
  const names = queues.map(({ name }) => name);

  it('has one queue and one dead-letter queue per consumer, and one queue per different delay', () => {
    const consumers = [...new Set(allMessages.flatMap((message) => message.consumers))];
    const expected = [
      ...consumers.flatMap((service) => [`quittance.${service}`, `quittance.${service}.dead`]),
      'quittance.delay.100ms',
      'quittance.delay.200ms',
    ];

    expect(names.toSorted()).to.deep.equal(expected.toSorted());
    expect(queues.every((queue) => queue.arguments['x-queue-type'] === 'quorum')).to.equal(true);
  });

  it('binds every message type to the queue of each of its consumers, and nothing else', () => {
    const events = bindings
      .filter(({ source }) => source === 'quittance.events')
      .map((binding) => `${binding.routing_key} → ${binding.destination}`);
    const expected = allMessages.flatMap(({ type, consumers }) =>
      consumers.map((service) => `${type} → quittance.${service}`),
    );

    expect(events.toSorted()).to.deep.equal(expected.toSorted());
  });

  it('names only exchanges and queues that it defines', () => {
    const exchangeNames = exchanges.map(({ name }) => name);

    expect(bindings.filter(({ source }) => !exchangeNames.includes(source))).to.deep.equal([]);
    expect(bindings.filter(({ destination }) => !names.includes(destination))).to.deep.equal([]);
    const deadLetterTargets = queues.flatMap((queue) => queue.arguments['x-dead-letter-routing-key'] ?? []);
    expect(deadLetterTargets.filter((target) => !names.includes(String(target)))).to.deep.equal([]);
  });
});
