import type { Distribution } from './run-report.ts';

/** A count with separators. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A share as a percentage; `–` of nothing. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (100 * part) / whole;
  return `${percent.toFixed(percent === 100 || percent === 0 || percent >= 99.95 ? 0 : 1)}%`;
}

/** A number with at most one decimal place (two below ten). */
export function decimal(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 });
}

/** A large count in thousands or millions. */
export function compact(value: number): string {
  if (value < 10_000) return count(value);
  return value < 1e6 ? `${decimal(value / 1000)} K` : `${decimal(value / 1e6)} M`;
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${decimal(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours} h ${minutes % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** An ISO time to the minute, in UTC. */
export function moment(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso)
    ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
    : iso;
}

/** A number and its noun. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** A name of a list (`multi_hop_reasoning`) as words. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

/** A setting's value, short. */
export function setting(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'none';
  if (Array.isArray(value)) return value.map(setting).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What a distribution counts, for headings. */
export const DISTRIBUTION_TITLES: Record<Distribution['name'], string> = {
  messages: 'Messages',
  turns: 'User turns',
  tools: 'Tools offered',
  calls: 'Tool calls',
  distinct_tools_called: 'Distinct tools called',
};

/** Said wherever figures of the offline teacher are shown. */
export const OFFLINE_NOTICE =
  'Made by the offline teacher: rules, no model. These figures try out the machinery; they are no measure of quality.';
