import { httpContracts } from '@quittance/contracts';
import { makeTcpProxy, type TcpProxy } from '@quittance/testkit';
import { expect } from 'chai';

import { permittedRole } from '../support/bad-input/callers.ts';
import { casesOf } from '../support/bad-input/contract-cases.ts';
import { type Buyer, type Ground, openGround } from '../support/bad-input/ground.ts';
import { REFUSED_CARD } from '../support/bad-input/kit.ts';
import { forEach } from '../support/bad-input/send.ts';
import { tellOfCards } from '../support/bad-input/told-cards.ts';
import { CARD_PATTERN } from '../support/bad-input/values.ts';
import { overRabbit } from '../support/over-rabbit.ts';

await overRabbit('card numbers over RabbitMQ', (rabbitUrl) => {
  describe('card numbers over RabbitMQ', function () {
    this.timeout(120_000);
    let ground: Ground;
    let proxy: TcpProxy;
    let mine: Buyer;
    /** All that each connection has sent to the broker. */
    const sent: Buffer[][] = [];

    before(async () => {
      const broker = new URL(rabbitUrl);
      const tap = () => {
        const bytes: Buffer[] = [];
        sent.push(bytes);
        return (more: Buffer) => void bytes.push(more);
      };
      proxy = await makeTcpProxy({ host: broker.hostname, port: Number(broker.port || 5672), tap });
      broker.host = `127.0.0.1:${proxy.port}`;
      ground = await openGround(broker.href);
      mine = await ground.buy();
    });

    after(async () => {
      await ground.stop();
      await proxy.close();
    });

    const wire = (): readonly string[] => sent.map((bytes) => Buffer.concat(bytes).toString('utf8'));

    it('never reach the broker: not those that were refused, nor those the provider tells of', async () => {
      const asked = httpContracts.flatMap((contract) => {
        const places = ground.callers.placesOf(contract);
        return casesOf(contract)
          .filter(({ expected }) => expected === REFUSED_CARD)
          .map((one, index) => ({ contract, one, place: places[index % places.length] ?? ground.callers.gateway }));
      });

      await forEach(asked, async ({ contract, one, place }) => {
        const role = permittedRole(contract);
        const authorization = role === null ? {} : { authorization: await place.as(role, mine.account) };
        const shot = { ...one.shot, headers: { ...authorization, ...one.shot.headers } };
        await ground.ask({ contract, place, what: one.what, shot, expected: one.expected });
      });
      const told = await tellOfCards(ground);
      const later = await ground.buy();
      await ground.settled();

      expect(ground.takeComplaints()).to.deep.equal([]);
      expect([asked.length, told].map((count) => count > 0)).to.deep.equal([true, true]);
      expect(wire().flatMap((text) => new RegExp(CARD_PATTERN).exec(text)?.[0] ?? [])).to.deep.equal([]);
      // The search can find: what was bought before and afterwards has passed here.
      for (const { account } of [mine, later]) expect(wire().some((text) => text.includes(account))).to.equal(true);
    });
  });
});
