import { platformFail, toError } from '@quittance/kernel';
import { parse } from 'csv-parse/sync';

/** One line of a file as named values, or what is wrong with it. */
export type FileRecord = { readonly line: number } & ({ readonly record: unknown } | { readonly problem: string });

/** Spreadsheets write the one or the other, by the country they are used in; the header says which. */
const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Every line is read on its own, because no column has line breaks: a quote that is never closed costs its line, not
 * the rest of the file. Empty lines are no records, nor are those of a spreadsheet that hold nothing but delimiters.
 * @throws platform.invalid_request for a header that does not name each column once.
 */
export const csvLines = (text: string, columns: readonly string[]): readonly FileRecord[] => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const at = lines.findIndex((line) => line.trim() !== '');
  const header = lines[at] ?? '';
  const delimiter = delimiterOf(header);
  const names = headerOf(header, delimiter, columns);
  return lines.flatMap((line, index) => {
    if (index <= at || line.split(delimiter).every((field) => field.trim() === '')) return [];
    return [{ line: index + 1, ...recordOf(line, delimiter, names) }];
  });
};

const delimiterOf = (header: string): string => {
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: header.split(delimiter).length }));
  return counted.reduce((left, right) => (right.count > left.count ? right : left)).delimiter;
};

const headerOf = (header: string, delimiter: string, columns: readonly string[]): readonly string[] => {
  const read = fieldsOf(header, delimiter);
  const names = 'fields' in read ? read.fields : [];
  const unknown = names.filter((name) => !columns.includes(name));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  if (names.length > 0 && unknown.length === 0 && repeated.length === 0) return names;
  const wrong = [
    ...('problem' in read ? [read.problem] : []),
    ...(header === '' ? ['the file is empty'] : []),
    ...(/[\uFFFD\0]/.test(header) ? ['the file is not UTF-8'] : []),
    ...unknown.map((name) => `unknown column ${JSON.stringify(name)}`),
    ...repeated.map((name) => `column ${name} twice`),
  ];
  const message = `The first line must name the columns: ${wrong.slice(0, 5).join(', ')}. Known are ${columns.join(', ')}.`;
  throw platformFail('platform.invalid_request', message);
};

type Read<Value> = Value | { readonly problem: string };

const recordOf = (
  line: string,
  delimiter: string,
  names: readonly string[],
): Read<{ readonly record: Readonly<Record<string, string | undefined>> }> => {
  const read = fieldsOf(line, delimiter);
  if ('problem' in read) return read;
  const { fields } = read;
  if (fields.length !== names.length) {
    return { problem: `it has ${fields.length} fields, and the header has ${names.length}` };
  }
  return { record: Object.fromEntries(names.map((name, index) => [name, fields[index]])) };
};

const fieldsOf = (line: string, delimiter: string): Read<{ readonly fields: readonly string[] }> => {
  try {
    const [fields = []] = parse(line, { delimiter, trim: true });
    return { fields };
  } catch (error) {
    return { problem: `it is no line of CSV: ${toError(error).message}` };
  }
};
