import { guarded, lostRace, type Statement } from './statement.ts';

/** Columns by their names in camel case, as Prisma's models have them. Undefined is left out; an object or array is JSON. */
export type Row = Readonly<Record<string, unknown>>;

/** A query and the shape of its rows: int8 is a bigint, as in Prisma's models. */
export interface RowQuery<Found> {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Only ever a type. */
  readonly found?: Found;
}

/** Every field of a model (Prisma's `…ScalarFieldEnum`) from its table. `tail` begins with WHERE. */
export const selectFrom = <Found>(
  source: { readonly table: string; readonly fields: Readonly<Record<string, string>> },
  tail: string,
  values: readonly unknown[],
): RowQuery<Found> => {
  return { text: `SELECT ${columnsOf(source.fields)} FROM ${source.table} t ${tail}`, values };
};

/** Every field of a model, of a table called `t`: for a query that `selectFrom` cannot make, such as RETURNING. */
export const columnsOf = (fields: Readonly<Record<string, string>>): string =>
  Object.values(fields)
    .map((field) => `t.${columnOf(field)} AS "${field}"`)
    .join(', ');

/** One statement for all rows; they have the same columns. */
export const insertRows = (table: string, rows: readonly Row[], onConflict = ''): Statement => {
  const fields = fieldsOf(rows[0] ?? {});
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${values.push(toParameter(value))}`;
  const tuples = rows.map((row) => `(${fields.map((field) => place(row[field])).join(', ')})`);
  const columns = fields.map(columnOf).join(', ');
  return { text: `INSERT INTO ${table} (${columns}) VALUES ${tuples.join(', ')} ${onConflict}`.trimEnd(), values };
};

/** Every column of `where` has the value that was read, or the commit is undone: `what` was changed meanwhile. */
export const updateRow = (
  table: string,
  change: { readonly set: Row; readonly where: Row },
  what: string,
): Statement => {
  const values: unknown[] = [];
  const assign = (row: Row): readonly string[] =>
    fieldsOf(row).map((field) => `${columnOf(field)} = $${values.push(toParameter(row[field]))}`);
  const set = assign(change.set).join(', ');
  const where = assign(change.where).join(' AND ');
  return guarded({ text: `UPDATE ${table} SET ${set} WHERE ${where}`, values }, lostRace(what));
};

const fieldsOf = (row: Row): readonly string[] => Object.keys(row).filter((field) => row[field] !== undefined);

const columnNames = new Map<string, string>();

const columnOf = (field: string): string => {
  const known = columnNames.get(field);
  if (known !== undefined) return known;
  const column = `"${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;
  columnNames.set(field, column);
  return column;
};

/** Instants with their zone, whatever the session's; bigints and JSON as text. */
const toParameter = (value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return JSON.stringify(value);
};
