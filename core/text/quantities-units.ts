/** What a unit measures. Money and data that cannot be converted compare within one unit only. */
export type Dimension =
  | 'mass'
  | 'length'
  | 'area'
  | 'volume'
  | 'duration'
  | 'calendar'
  | 'working_time'
  | 'temperature'
  | 'speed'
  | 'power'
  | 'energy'
  | 'data'
  | 'angle'
  | 'share'
  | 'money';

export interface Unit {
  /** The unit's normalised name: `kg`, `day`, `EUR`, `%`. */
  name: string;
  dimension: Dimension;
  /** How many of the dimension's base unit one of it is. */
  factor: number;
  /** Added after the factor, in the base unit (temperatures). */
  offset?: number;
}

/** Spellings by unit: name, dimension, factor to the base unit, then how it is written. */
const TABLE: readonly (readonly [string, Dimension, number, string])[] = [
  ['kg', 'mass', 1, 'kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes'],
  ['g', 'mass', 0.001, 'g gram grams gramme grammes'],
  ['mg', 'mass', 0.000001, 'mg milligram milligrams'],
  ['t', 'mass', 1000, 't tonne tonnes'],
  ['lb', 'mass', 0.45359237, 'lb lbs pound_weight'],
  ['oz', 'mass', 0.028349523125, 'oz ounce ounces'],
  ['mm', 'length', 0.001, 'mm millimetre millimetres millimeter millimeters'],
  ['cm', 'length', 0.01, 'cm centimetre centimetres centimeter centimeters'],
  ['m', 'length', 1, 'm metre metres meter meters'],
  ['km', 'length', 1000, 'km kilometre kilometres kilometer kilometers'],
  ['in', 'length', 0.0254, 'in inch inches'],
  ['ft', 'length', 0.3048, 'ft foot feet'],
  ['yd', 'length', 0.9144, 'yd yard yards'],
  ['mi', 'length', 1609.344, 'mi mile miles'],
  ['m²', 'area', 1, 'm² m2 sqm'],
  ['ft²', 'area', 0.09290304, 'ft² ft2 sqft'],
  ['ha', 'area', 10_000, 'ha hectare hectares'],
  ['acre', 'area', 4046.8564224, 'acre acres'],
  ['ml', 'volume', 0.001, 'ml millilitre millilitres milliliter milliliters'],
  ['cl', 'volume', 0.01, 'cl centilitre centilitres'],
  ['l', 'volume', 1, 'l litre litres liter liters'],
  ['m³', 'volume', 1000, 'm³ m3'],
  ['gal', 'volume', 3.785411784, 'gal gallon gallons'],
  ['cup', 'volume', 0.2365882365, 'cup cups'],
  ['tbsp', 'volume', 0.01478676478125, 'tbsp tablespoon tablespoons'],
  ['tsp', 'volume', 0.00492892159375, 'tsp teaspoon teaspoons'],
  ['ms', 'duration', 0.001, 'ms millisecond milliseconds'],
  ['s', 'duration', 1, 's sec secs second seconds'],
  ['min', 'duration', 60, 'min mins minute minutes'],
  ['h', 'duration', 3600, 'h hr hrs hour hours'],
  ['day', 'duration', 86_400, 'day days night nights'],
  ['week', 'duration', 604_800, 'week weeks wk wks'],
  ['month', 'calendar', 1, 'month months'],
  ['year', 'calendar', 12, 'year years yr yrs'],
  ['working_day', 'working_time', 1, 'working_day business_day'],
  ['°C', 'temperature', 1, '°c ºc celsius'],
  ['km/h', 'speed', 1, 'km/h kmh kph'],
  ['mph', 'speed', 1.609344, 'mph'],
  ['m/s', 'speed', 3.6, 'm/s'],
  ['W', 'power', 1, 'w watt watts'],
  ['kW', 'power', 1000, 'kw kilowatt kilowatts'],
  ['kWh', 'energy', 1, 'kwh'],
  ['kcal', 'energy', 0.0011622222, 'kcal'],
  ['B', 'data', 1, 'byte bytes'],
  ['KB', 'data', 1000, 'kb kilobyte kilobytes'],
  ['MB', 'data', 1_000_000, 'mb megabyte megabytes'],
  ['GB', 'data', 1_000_000_000, 'gb gigabyte gigabytes'],
  ['TB', 'data', 1_000_000_000_000, 'tb terabyte terabytes'],
  ['°', 'angle', 1, '° º degree degrees'],
  ['%', 'share', 1, '% percent percentage'],
  ['EUR', 'money', 1, 'eur euro euros €'],
  ['USD', 'money', 1, 'usd dollar dollars $ us$ buck bucks'],
  ['GBP', 'money', 1, 'gbp pound pounds £ quid'],
  ['JPY', 'money', 1, 'jpy yen ¥'],
  ['CHF', 'money', 1, 'chf francs'],
  ['CAD', 'money', 1, 'cad ca$'],
  ['AUD', 'money', 1, 'aud a$'],
  ['INR', 'money', 1, 'inr rupee rupees ₹'],
  ['CNY', 'money', 1, 'cny rmb yuan'],
  ['SEK', 'money', 1, 'sek'],
  ['NOK', 'money', 1, 'nok'],
  ['DKK', 'money', 1, 'dkk'],
  ['PLN', 'money', 1, 'pln'],
];

const UNITS: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ...TABLE.flatMap(([name, dimension, factor, spellings]) =>
    spellings.split(' ').map((spelling) => [spelling, { name, dimension, factor }] as const),
  ),
  ...['°f', 'ºf', 'fahrenheit'].map(
    (spelling) =>
      [
        spelling,
        { name: '°F', dimension: 'temperature', factor: 5 / 9, offset: (-32 * 5) / 9 },
      ] as const,
  ),
]);

/** The unit of a spelling, whatever its case; undefined for any other word. */
export function unitOf(spelling: string): Unit | undefined {
  return UNITS.get(spelling.toLowerCase());
}

/** A value in its unit's base unit (kg, m, s, month, °C, km/h ...; money and shares stay as they are). */
export function toBase(value: number, unit: Unit): number {
  return value * unit.factor + (unit.offset ?? 0);
}

/** Two words that name one unit together, and units that a following word makes another one. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ['per cent', '%'],
  ['percentage points', '%'],
  ['working day', 'working_day'],
  ['working days', 'working_day'],
  ['business day', 'working_day'],
  ['business days', 'working_day'],
  ['calendar day', 'day'],
  ['calendar days', 'day'],
  ['degrees celsius', '°c'],
  ['degrees c', '°c'],
  ['degrees fahrenheit', '°f'],
  ['degrees f', '°f'],
  ['square metres', 'm²'],
  ['square meters', 'm²'],
  ['square feet', 'ft²'],
  ['us dollars', 'usd'],
  ['u.s. dollars', 'usd'],
]);

/** Letters and signs that a unit may begin with in a text. */
const WORD = /[a-zµ]{1,14}(?:\/[hs]\b)?[²³23]?|[°º][cf]?|[%€$£¥₹]/iy;
const SECOND = /[ -](cent|points|days?|celsius|c|fahrenheit|f|metres|meters|feet|dollars)\b/iy;

/** Single letters that are words of their own, so that they are units only right behind the number. */
const SHY = new Set(['in', 's', 'w', 'l', 't', 'a$', 'min']);

/**
 * The unit that stands in a text at an offset, or after one space or hyphen (`5 kg`, `30-minute`),
 * and where it ends; undefined when none does.
 */
export function unitAt(text: string, at: number): { unit: Unit; end: number } | undefined {
  const gap = /[ \u00a0\u202f-]/.test(text[at] ?? '') ? 1 : 0;
  WORD.lastIndex = at + gap;
  const word = WORD.exec(text)?.[0];
  if (word === undefined) return undefined;
  const end = at + gap + word.length;
  if (/[a-z0-9²³]/i.test(word.at(-1) ?? '') && /[\p{L}\p{N}_]/u.test(text[end] ?? ''))
    return undefined;
  SECOND.lastIndex = end;
  const second = SECOND.exec(text);
  const pair = second && PAIRS.get(`${word} ${second[1]}`.toLowerCase());
  if (second && pair !== undefined && pair !== null) {
    const unit = unitOf(pair);
    return unit && { unit, end: end + second[0].length };
  }
  if (gap === 1 && word !== 'min' && SHY.has(word.toLowerCase()) && !closes(text, end))
    return undefined;
  // A capital letter alone is a grade or a seat; 20C and 5L are written without a space.
  if (gap === 1 && /^[A-Z]$/.test(word) && word !== 'L' && word !== 'W') return undefined;
  const unit = word === 'C' ? unitOf('°c') : word === 'F' ? unitOf('°f') : unitOf(word);
  return unit && { unit, end };
}

/** Whether a clause or the text ends here, or a second measure follows. */
function closes(text: string, at: number): boolean {
  return /^(?:$|[.,;:)\]]|\s*[x×]\s*\d)/.test(text.slice(at, at + 6));
}
