import { canStartOwnRabbit, type OwnRabbit, startOwnRabbit, waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { rabbitNames } from '../src/rabbit/plan.ts';
import { anEnvelope, ThingRemoved } from './messages.ts';
import { groundOn, type RabbitGround } from './rabbit-harness.ts';
import { enterGround, expectConfirmed, type TestGround, watch } from './test-ground.ts';

const POLICY = 'full';

/** On a node of its own: a policy is the broker's, not ours. */
const describeLimit = (): void => {
  describe('a queue on RabbitMQ that an operator has limited', function () {
    this.timeout(120_000);
    let own: OwnRabbit;
    let broker: RabbitGround;
    let ground: TestGround;
    before(async () => {
      own = await startOwnRabbit();
    });
    after(() => own.remove());
    beforeEach(async () => {
      broker = groundOn(own.url);
      ground = await enterGround({ makeGround: async () => broker });
    });
    afterEach(() => ground.end());

    it('is published to again once the limit is gone', async () => {
      const transport = await ground.start();
      const removed = () => anEnvelope({ type: ThingRemoved.type, data: { account: 'acc-1' } });
      const queue = rabbitNames(broker.prefix).queueOf('audit');
      const limit = JSON.stringify({ 'max-length': 1 });
      await own.control('set_policy', POLICY, `^${queue}$`, limit, '--apply-to', 'queues');
      await waitFor(async () => (await transport.publish([removed()]))[0] instanceof Error, { what: 'a refusal' });
      await own.control('clear_policy', POLICY);
      const audit = await watch(transport, 'audit');

      const later = removed();
      await waitFor(async () => (await transport.publish([later]))[0] === 'confirmed', { what: 'a confirm' });

      await waitFor(() => audit.deliveries.some(({ messageId }) => messageId === later.id), { what: 'a delivery' });
      expectConfirmed(await transport.publish([removed()]));
      expect(audit.deliveries.filter(({ messageId }) => messageId === later.id)).to.have.lengthOf(1);
    });
  });
};

if (canStartOwnRabbit()) describeLimit();
