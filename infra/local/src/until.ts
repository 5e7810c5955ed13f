/** Asks again until the answer will do; throws with the last answer when the time is over. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T>,
  enough: (answer: T) => boolean,
  { deadlineMs = 20_000, everyMs = 20 }: { readonly deadlineMs?: number; readonly everyMs?: number } = {},
): Promise<T> => {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    if (performance.now() > endMs) throw new Error(`${what}: not within ${deadlineMs} ms; last answer ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};
