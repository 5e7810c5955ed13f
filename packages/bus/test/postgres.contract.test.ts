import { atEnd } from '@quittance/testkit';
import { expect } from 'chai';

import { anEnvelope } from './messages.ts';
import { makeOwnPostgres, postgresHarness } from './postgres-harness.ts';
import { enterGround, expectConfirmed, watch } from './test-ground.ts';
import { describeTransport } from './transport.contract.ts';

describeTransport(postgresHarness);

describe('PostgreSQL that goes down without a word', () => {
  it('has what was confirmed', async () => {
    const server = await makeOwnPostgres();
    atEnd(server.remove);
    const kept: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const ground = await enterGround({ makeGround: server.makeGround });
      const transport = await ground.start();
      const envelope = anEnvelope();
      expectConfirmed(await transport.publish([envelope]));
      await server.crash();
      await ground.end();
      await server.start();
      kept.push(envelope.id);
    }

    const ground = await enterGround({ makeGround: server.makeGround });
    const { received } = await watch(await ground.start(), 'invoicing');
    expect((await received(kept.length)).map(({ messageId }) => messageId)).to.have.members(kept);
    await ground.end();
    await server.remove();
  }).timeout(60_000);
});
