import { platformFail } from './platform-errors.ts';
import { type AccountScope } from './principal.ts';

/**
 * What a caller may see of one kind of object. One of another account is answered word for word like one that is not
 * there; only the error knows the difference, so that the attempt is recorded. Both take the same two readings.
 *
 * @throws platform.not_found
 */
export const findInScope = async <Item>(
  scope: AccountScope,
  find: (scope: AccountScope) => Promise<Item | null>,
  missing: string,
): Promise<Item> => {
  const found = await find(scope);
  if (found !== null) return found;
  const trespass = scope !== 'every_account' && (await find('every_account')) !== null;
  throw platformFail('platform.not_found', missing, { trespass });
};
