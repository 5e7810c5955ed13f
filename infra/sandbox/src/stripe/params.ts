import { invalidParam } from './stripe-error.ts';

/**
 * Form-encoded parameters of one call. Reading a parameter marks it as known; what nobody read is refused as Stripe
 * refuses it, so that a misspelt parameter is found here and not in production.
 */
export interface Params {
  has(name: string): boolean;
  text(name: string): string | null;
  needText(name: string): string;
  integer(name: string): number | null;
  needInteger(name: string): number;
  flag(name: string): boolean | null;
  texts(name: string): readonly string[];
  child(name: string): Params | null;
  children(name: string): readonly Params[];
  /** A flat map of strings (`metadata`). An empty string for the whole map means: clear it. */
  map(name: string): Record<string, string> | null;
  /** Accepted and of no consequence here. */
  ignore(...names: readonly string[]): void;
  refuseUnread(): void;
}

type Raw = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const readParams = (input: unknown, path = ''): Params => {
  const raw: Raw = isRecord(input) ? input : {};
  const read = new Set<string>();
  const nested: Params[] = [];
  const nameOf = (name: string): string => (path === '' ? name : `${path}[${name}]`);
  const take = (name: string): unknown => {
    read.add(name);
    return raw[name];
  };
  const text = (name: string): string | null => asText(take(name), nameOf(name));
  const integer = (name: string): number | null => asInteger(text(name), nameOf(name));
  const keep = (params: Params): Params => {
    nested.push(params);
    return params;
  };
  return {
    has: (name) => raw[name] !== undefined,
    text,
    integer,
    needText: (name) => text(name) ?? missing(nameOf(name)),
    needInteger: (name) => integer(name) ?? missing(nameOf(name)),
    flag: (name) => asFlag(text(name), nameOf(name)),
    texts: (name) => asList(take(name)).map((item, index) => asText(item, `${nameOf(name)}[${index}]`) ?? ''),
    child: (name) => {
      const value = take(name);
      return isRecord(value) ? keep(readParams(value, nameOf(name))) : null;
    },
    children: (name) => asList(take(name)).map((item, index) => keep(readParams(item, `${nameOf(name)}[${index}]`))),
    map: (name) => asMap(take(name), nameOf(name)),
    ignore: (...names) => names.forEach((name) => read.add(name)),
    refuseUnread: () => {
      const unknown = Object.keys(raw).find((name) => !read.has(name));
      if (unknown !== undefined) {
        throw invalidParam(nameOf(unknown), `Received unknown parameter: ${nameOf(unknown)}`, 'parameter_unknown');
      }
      nested.forEach((params) => params.refuseUnread());
    },
  };
};

const missing = (name: string): never => {
  throw invalidParam(name, `Missing required param: ${name}.`, 'parameter_missing');
};

const asText = (value: unknown, name: string): string | null => {
  if (value === undefined || value === '') return null;
  if (typeof value !== 'string') throw invalidParam(name, `Invalid string: ${name}`, 'parameter_invalid_string');
  return value;
};

const asInteger = (value: string | null, name: string): number | null => {
  if (value === null) return null;
  if (!/^-?\d{1,12}$/.test(value)) throw invalidParam(name, `Invalid integer: ${value}`, 'parameter_invalid_integer');
  return Number(value);
};

const asFlag = (value: string | null, name: string): boolean | null => {
  if (value === null) return null;
  if (value !== 'true' && value !== 'false')
    throw invalidParam(name, `Invalid boolean: ${value}`, 'parameter_invalid_boolean');
  return value === 'true';
};

/** Lists arrive as arrays, or as objects with the index as key when they are long. */
const asList = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  if (isRecord(value)) return Object.values(value);
  return typeof value === 'string' && value !== '' ? [value] : [];
};

const asMap = (value: unknown, name: string): Record<string, string> | null => {
  if (value === undefined) return null;
  if (value === '') return {};
  if (!isRecord(value)) throw invalidParam(name, `Invalid hash: ${name}`, 'parameter_invalid_hash');
  const entries = Object.entries(value).map(([key, item]): [string, string] => [
    key,
    asText(item, `${name}[${key}]`) ?? '',
  ]);
  if (entries.length > 50) throw invalidParam(name, 'You may have at most 50 metadata keys.', 'parameter_invalid_hash');
  const long = entries.find(([key, item]) => key.length > 40 || item.length > 500);
  if (long) throw invalidParam(name, `Metadata key or value too long: ${long[0]}`, 'parameter_invalid_hash');
  return Object.fromEntries(entries);
};
