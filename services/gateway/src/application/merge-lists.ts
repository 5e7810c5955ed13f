/** What every service has to say, and who could not be asked: an empty list is never a false one. */
export interface Merged<Service extends string, Item> {
  readonly data: readonly Item[];
  readonly unreachable: readonly Service[];
}

/** Asks every service at once and puts the answers together, oldest first. */
export const mergeLists = async <Service extends string, Item>(
  services: readonly Service[],
  list: (service: Service) => Promise<readonly Item[]>,
  since: (item: Item) => string,
): Promise<Merged<Service, Item>> => {
  const answers = await Promise.all(
    services.map(async (service) => {
      try {
        return { service, items: await list(service) };
      } catch {
        return { service, items: null };
      }
    }),
  );
  return {
    data: answers.flatMap(({ items }) => items ?? []).toSorted((a, b) => since(a).localeCompare(since(b))),
    unreachable: answers.filter(({ items }) => items === null).map(({ service }) => service),
  };
};
