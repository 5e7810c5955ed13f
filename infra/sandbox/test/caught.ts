/** What a promise was rejected with; fails when it was not. */
export const caught = async (promise: Promise<unknown>): Promise<unknown> => {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (outcome === null) throw new Error('It was expected to fail, and did not.');
  return outcome.error;
};
