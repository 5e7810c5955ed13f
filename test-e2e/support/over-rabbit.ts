import { rabbitTestUrl } from '@quittance/testkit';

/** Defines tests with the broker's URL; where there is no broker they are left out, and the output says so. */
export const overRabbit = async (title: string, define: (rabbitUrl: string) => void): Promise<void> => {
  const rabbitUrl = await rabbitTestUrl();
  if (rabbitUrl !== null) {
    define(rabbitUrl);
    return;
  }
  process.stdout.write(`Left out: ${title} (no broker: set RABBITMQ_URL).\n`);
  // Pending, so that it is counted as left out, and fails where nothing may be.
  it(title, function () {
    this.skip();
  });
};
