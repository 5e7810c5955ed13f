import { atEnd, waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import pg from 'pg';

import { anEnvelope } from './messages.ts';
import { makeOwnPostgres, postgresHarness } from './postgres-harness.ts';
import { enterGround, expectConfirmed, type TestGround, watch } from './test-ground.ts';
import { describeTransport } from './transport.contract.ts';

describeTransport(postgresHarness);

describe('ids of deliveries over PostgreSQL', () => {
  let ground: TestGround;
  let database: pg.Client;
  beforeEach(async () => {
    ground = await enterGround(postgresHarness);
    database = new pg.Client({ connectionString: ground.child.url });
    await database.connect();
    ground.later(() => database.end());
  });
  afterEach(() => ground.end());

  /** As after a crash that took a row and the memory of its id along. */
  const giveIdToAnother = (messageId: string): Promise<unknown> =>
    database.query(
      `UPDATE bus.delivery SET message_id = $1, lease = NULL, due_at = clock_timestamp() WHERE queue = 'invoicing'`,
      [messageId],
    );

  it('end a delivery of ours only, not one that was given its id', async () => {
    const transport = await ground.start();
    const handled = Promise.withResolvers<void>();
    const seen: string[] = [];
    const { received } = await watch(transport, 'invoicing', async ({ messageId }) => {
      seen.push(String(messageId));
      if (seen.length === 1) await handled.promise;
      return { outcome: 'acknowledge' };
    });
    expectConfirmed(await transport.publish([anEnvelope()]));
    await received(1);

    await giveIdToAnother('another');
    handled.resolve();

    await waitFor(() => seen.includes('another'), { what: 'the other message' });
  });
});

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
