import { UsageError } from '../../core/errors.ts';
import { PRESETS, type PresetName } from './presets.ts';
import type { RowsWanted, SourceRow } from './source-row.ts';

const TEXT_FIELDS = ['text', 'content', 'passage', 'document', 'body', 'article'];
const TITLE_FIELDS = ['title', 'headline', 'name'];
const URL_FIELDS = ['url', 'source_url', 'link', 'url_or_path'];
const LICENCE_FIELDS = ['licence', 'license'];

export interface FieldOptions {
  textField?: string;
  idField?: string;
  preset?: PresetName;
}

/** A document as its row gives it, before it is cleaned, measured and split. */
export interface Document {
  /** Null when the row has none: it is then the text's hash. */
  id: string | null;
  text: string;
  title: string | null;
  url: string | null;
  licence: string | null;
}

/** What the readers are to look for, given the fields that were asked for. */
export function rowsWanted(options: FieldOptions): RowsWanted {
  const text = textFields(options);
  const preset = options.preset === undefined ? undefined : PRESETS[options.preset];
  const others = [idField(options), ...TITLE_FIELDS, ...URL_FIELDS, ...LICENCE_FIELDS];
  const names = new Set([...text, ...others]);
  return {
    columns: (existing) =>
      writesSteps(options) || !existing.some((column) => text.includes(column))
        ? null
        : existing.filter((column) => names.has(column)),
    isDocument: (object) =>
      text.some((field) => typeof object[field] === 'string') ||
      (preset?.document.some((field) => field in object) ?? false),
  };
}

/** Whether a preset writes articles in steps out; a text field that was asked for is taken as it is. */
export function writesSteps({ preset, textField }: FieldOptions): boolean {
  return preset !== undefined && textField === undefined && PRESETS[preset].steps;
}

/**
 * A function from the rows of one file to documents, or null for a row without text. Which field holds the text
 * is settled by the file's first row. It throws a UsageError that lists that row's fields when none does, or
 * when the id field that was asked for is not there.
 */
export function documentReader(
  options: FieldOptions,
  name: string,
): (row: Exclude<SourceRow, { skip: unknown }>) => Document | null {
  let textField: string | undefined;
  return (row) => {
    if ('text' in row) return { id: null, text: row.text, title: null, url: null, licence: null };
    const { fields } = row;
    if (textField === undefined) {
      textField = findTextField(fields, options, name);
      checkIdField(fields, options, name);
    }
    const text = fields[textField];
    if (typeof text !== 'string') return null;
    return {
      id: readId(fields[idField(options)]),
      text,
      title: firstString(fields, TITLE_FIELDS),
      url: firstString(fields, URL_FIELDS),
      licence: firstString(fields, LICENCE_FIELDS),
    };
  };
}

function textFields({ textField, preset }: FieldOptions): readonly string[] {
  if (textField !== undefined) return [textField];
  return preset === undefined ? TEXT_FIELDS : PRESETS[preset].text;
}

function idField({ idField }: FieldOptions): string {
  return idField ?? 'id';
}

function findTextField(
  fields: Record<string, unknown>,
  options: FieldOptions,
  name: string,
): string {
  const existing = textFields(options).filter((field) => field in fields);
  const found = existing.find((field) => typeof fields[field] === 'string') ?? existing[0];
  if (found !== undefined) return found;
  const looked = textFields(options).join(', ');
  const by = options.textField === undefined && options.preset ? ` (preset ${options.preset})` : '';
  throw new UsageError(
    `${name} has no field ${looked}${by}. Fields of its first row: ${fieldNames(fields)}. ` +
      'Name the one that holds the text with --text-field',
  );
}

function checkIdField(
  fields: Record<string, unknown>,
  { idField }: FieldOptions,
  name: string,
): void {
  if (idField === undefined || idField in fields) return;
  throw new UsageError(
    `${name} has no field ${idField}. Fields of its first row: ${fieldNames(fields)}. ` +
      'Name the one that holds the id with --id-field, or leave that out',
  );
}

function fieldNames(fields: Record<string, unknown>): string {
  return Object.keys(fields).join(', ') || 'none';
}

function readId(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function firstString(fields: Record<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}
