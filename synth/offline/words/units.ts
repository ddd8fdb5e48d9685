/** How a unit is written, and the parameter that a limit in it becomes. */
export interface Unit {
  /** Name of the parameter; null where the unit itself is a countable noun and names it. */
  parameter: string | null;
  type: 'integer' | 'number';
  /** As it stands beside a number in a sentence: "4 kg", "2 nights". */
  one: string;
  many: string;
  kind: 'count' | 'time' | 'measure' | 'money' | 'share';
}

const unit = (
  kind: Unit['kind'],
  type: Unit['type'],
  parameter: string | null,
  one: string,
  many = one,
): Unit => ({ kind, type, parameter, one, many });

const TIMES = ['second', 'minute', 'hour', 'day', 'night', 'week', 'month', 'year'];

/** Units by how they are written, in lower case. Singular and plural of times and of countable units both stand here. */
export const UNITS: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ...TIMES.flatMap((one): [string, Unit][] => {
    const time = unit('time', 'integer', `${one}s`, one, `${one}s`);
    return [
      [one, time],
      [`${one}s`, time],
    ];
  }),
  ['min', unit('time', 'integer', 'minutes', 'minute', 'minutes')],
  ['mins', unit('time', 'integer', 'minutes', 'minute', 'minutes')],
  ['hrs', unit('time', 'integer', 'hours', 'hour', 'hours')],
  ...aliases(
    unit('measure', 'number', 'weight_kg', 'kg'),
    'kg kilo kilos kilogram kilograms kilogramme kilogrammes',
  ),
  ...aliases(unit('measure', 'number', 'weight_g', 'g'), 'g gram grams'),
  ...aliases(unit('measure', 'number', 'weight_t', 'tonne', 'tonnes'), 'tonne tonnes'),
  ...aliases(unit('measure', 'number', 'weight_lb', 'pound', 'pounds'), 'lb lbs'),
  ...aliases(
    unit('measure', 'number', 'length_cm', 'cm'),
    'cm centimetre centimetres centimeter centimeters',
  ),
  ...aliases(
    unit('measure', 'number', 'length_mm', 'mm'),
    'mm millimetre millimetres millimeter millimeters',
  ),
  ...aliases(
    unit('measure', 'number', 'length_m', 'metre', 'metres'),
    'm metre metres meter meters',
  ),
  ...aliases(
    unit('measure', 'number', 'distance_km', 'km'),
    'km kilometre kilometres kilometer kilometers',
  ),
  ...aliases(unit('measure', 'number', 'distance_miles', 'mile', 'miles'), 'mile miles'),
  ...aliases(
    unit('measure', 'number', 'volume_l', 'litre', 'litres'),
    'l litre litres liter liters',
  ),
  ...aliases(unit('measure', 'number', 'volume_ml', 'ml'), 'ml millilitre millilitres milliliters'),
  ...aliases(unit('measure', 'number', 'temperature_c', '°C'), '°c celsius'),
  ...aliases(unit('measure', 'number', 'temperature_f', '°F'), '°f fahrenheit'),
  ...aliases(unit('measure', 'number', 'temperature_c', 'degrees'), 'degrees'),
  ...aliases(unit('measure', 'number', 'size_mb', 'MB'), 'mb megabyte megabytes'),
  ...aliases(unit('measure', 'number', 'size_gb', 'GB'), 'gb gigabyte gigabytes'),
  ...aliases(unit('measure', 'number', 'power_w', 'watts'), 'w watt watts'),
  ...aliases(unit('money', 'number', 'amount_eur', 'EUR'), 'eur euro euros €'),
  ...aliases(unit('money', 'number', 'amount_usd', 'USD'), 'usd dollar dollars $'),
  ...aliases(unit('money', 'number', 'amount_gbp', 'GBP'), 'gbp pound pounds £'),
  ...aliases(unit('money', 'number', 'amount_chf', 'CHF'), 'chf franc francs'),
  ...aliases(unit('share', 'number', 'percent', '%'), '% percent per-cent'),
]);

function aliases(value: Unit, written: string): [string, Unit][] {
  return written.split(' ').map((name) => [name, value]);
}

/** A unit for a countable noun of the text, given its singular and plural. */
export function countable(one: string, many: string): Unit {
  return unit('count', 'integer', null, one, many);
}
