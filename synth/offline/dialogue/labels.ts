import { article, capitalised, listed, singular } from '../words/grammar.ts';
import type { ParameterModel } from './tool-model.ts';

/** What one asks for: "the receipt number", "how many months", "whether it is to be a refund or a voucher". */
export function asked(parameter: ParameterModel): string {
  const { name, options, description, unit } = parameter;
  if (options !== undefined) {
    const subject = category(parameter);
    return subject === 'option'
      ? `which you want (${listed(options, 'or')})`
      : `the ${subject} (${listed(options, 'or')})`;
  }
  const count = /^Number of (.+)$/.exec(description)?.[1];
  if (count !== undefined) return `how many ${count}`;
  const since = /^(\w+) (since|before) (.+)$/.exec(description);
  if (since !== null)
    return `how many ${since[1]?.toLowerCase()} it ${since[2] === 'since' ? 'has been since' : 'is before'} ${since[3]}`;
  const ahead = /^How many (\w+) ahead/.exec(description)?.[1];
  if (ahead !== undefined) return `how many ${ahead} ahead`;
  if (isNumeric(parameter))
    return `the ${lower(description) || words(name)}${unit === undefined || description.includes(unit) ? '' : ` in ${unit}`}`;
  return `the ${label(parameter)}`;
}

/** The name of a parameter in a sentence: "receipt number". */
export function label({ name, description }: Pick<ParameterModel, 'name' | 'description'>): string {
  const short = description.replace(/\.$/, '');
  const isLabel =
    short !== '' &&
    short.split(' ').length <= 5 &&
    !/[,;:(]/.test(short) &&
    !/\bID from\b/.test(short);
  return isLabel ? lower(short) : words(name);
}

/** A value as someone says it: "receipt number RC-20417", "3 months", "12 kg", "50 days since the purchase". */
export function told(parameter: ParameterModel, value: string | number | boolean): string {
  const { name, options } = parameter;
  if (options !== undefined) {
    const subject = category(parameter);
    return subject === 'option' ? `the ${value}` : `${subject} ${value}`;
  }
  if (isNumeric(parameter)) return toldNumber(parameter, Number(value));
  return /(?:^|_)(?:date|time)$/.test(name) ? `${value}` : `${label(parameter)} ${value}`;
}

function toldNumber(parameter: ParameterModel, value: number): string {
  const { description, name, unit } = parameter;
  const one = value === 1;
  const count = /^Number of (.+)$/.exec(description)?.[1];
  if (count !== undefined) return `${value} ${one ? singularPhrase(count) : count}`;
  const [, units = '', relation, event] = /^(\w+) (since|before) (.+)$/.exec(description) ?? [];
  if (relation !== undefined)
    return `${value} ${one ? singular(lower(units)) : lower(units)} ${relation} ${event}`;
  const ahead = /^How many (\w+) ahead/.exec(description)?.[1];
  if (ahead !== undefined) return `${value} ${one ? singular(ahead) : ahead} ahead`;
  if (name === 'age') return `age ${value}`;
  const [, kind = '', measure] = /^(.+?) in (\S+)$/.exec(description) ?? [];
  if (measure === undefined)
    return `${value}${unit === undefined ? '' : ` ${unit}`} as the ${label(parameter)}`;
  const measured = `${value} ${one ? singularUnit(measure) : measure}`;
  return kind.includes(' ') ? `${measured} as the ${lower(kind)}` : quantity(kind, measured);
}

/** The bare value with its unit: "3 months", "12 kg". */
export function measuredValue(parameter: ParameterModel, value: number): string {
  const unit =
    parameter.unit ?? /^(?:Number of|\w+ in) (.+)$/.exec(parameter.description)?.[1] ?? '';
  return `${value} ${value === 1 ? singularPhrase(unit) : unit}`.trim();
}

/** Several values in one line. */
export function toldAll(
  pairs: readonly (readonly [ParameterModel, string | number | boolean])[],
): string {
  return listed(pairs.map(([parameter, value]) => told(parameter, value)));
}

export function isNumeric({ type, options }: Pick<ParameterModel, 'type' | 'options'>): boolean {
  return options === undefined && (type === 'integer' || type === 'number');
}

/** Whether a number is a fact of the case (an age, the days since a purchase) that nobody chooses. */
export function isFact({ name }: Pick<ParameterModel, 'name'>): boolean {
  return (
    name === 'age' ||
    /_(?:since|before)_/.test(name) ||
    /^(?:temperature|weight|length|distance|size|volume)_/.test(name)
  );
}

function quantity(kind: string, value: string): string {
  if (/^(?:Amount|Share)$/.test(kind)) return value;
  return kind === 'Notice' ? `a notice of ${value}` : `${article(kind)} ${lower(kind)} of ${value}`;
}

function category({ name, description }: ParameterModel): string {
  return /^The (.+) wanted$/.exec(description)?.[1] ?? words(name);
}

function singularPhrase(text: string): string {
  return text.replace(/\S+$/, (head) => singular(head));
}

function singularUnit(text: string): string {
  return /^[A-Z°%]/.test(text) ? text : singular(text);
}

function words(name: string): string {
  return name.replaceAll('_', ' ').replace(/\bid\b/, 'ID');
}

function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

/** A phrase as a sentence of its own. */
export function sentence(text: string): string {
  const begun = capitalised(text.trim());
  return /[.!?]["”']?$/.test(begun) ? begun : `${begun}.`;
}
