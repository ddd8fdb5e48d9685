import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row } from '../row.ts';
import { passageOf } from './analysis.ts';
import type { Fact } from './facts.ts';
import { type Contradiction, trace } from './match.ts';
import { readSentences, type Sentence, wordsOf } from './sentences.ts';
import type { Source } from './source.ts';

/** Descriptions are short, so that they must be more alike than rules. */
const SHORT = { alone: 0.6, elsewhere: 0.9 };
/** Most sentences of one kind of text that are traced in a row. */
const MAX_SENTENCES = 400;

/** The words right before a number that make it a limit. */
const BOUND_BEFORE =
  /\b(?:up to|at most|at least|no (?:more|less|fewer|later|earlier|larger|longer) than|not (?:more|exceed|exceeding)(?: than)?|(?:maximum|minimum|max|min|limit|cap|ceiling)\b[^.;\d]{0,50}|within|less than|more than|fewer than|exceed(?:s|ed|ing)?|between|until|(?:only|not) (?:before|after)|older than|smaller than|larger than)[^\d.;]{0,12}$/i;
const BOUND_AFTER =
  /^ ?(?:or (?:less|more|fewer|older|younger|above|below)|at most|at least|(?:is|as) the (?:limit|maximum|minimum)|max(?:imum)?\b|limit\b)/i;

/** Limits in tools' descriptions, their parameters' and their lists of values that the passage contradicts. */
export function toolContradictions(row: Row): Hit[] {
  const passage = passageOf(row);
  if (passage === undefined) return [];
  const budget = { left: MAX_SENTENCES };
  return row.tools.flatMap((tool) => {
    const path = `tools[${tool.index}].function`;
    const own = wordsOf(tool.name.replaceAll('_', ' '));
    const definition = row.context.conversation.tools[tool.index];
    const called = isObject(definition) ? definition.function : undefined;
    const parameters = isObject(called) ? called.parameters : undefined;
    const texts = [
      { path: `${path}.description`, text: tool.description, words: own },
      ...parameterTexts(parameters, `${path}.parameters`, own),
    ];
    return texts.flatMap(({ path: at, text, words }) =>
      contradictionsIn(text, words, passage, budget).map(({ one }) => hitOf(one, null, at)),
    );
  });
}

interface Described {
  path: string;
  text: string;
  words: ReadonlySet<string>;
}

function parameterTexts(parameters: unknown, path: string, own: ReadonlySet<string>): Described[] {
  const properties =
    isObject(parameters) && isObject(parameters.properties) ? parameters.properties : {};
  return Object.entries(properties)
    .slice(0, 60)
    .flatMap(([name, schema]) => {
      if (!isObject(schema)) return [];
      const words = new Set([...own, ...wordsOf(name.replaceAll('_', ' '))]);
      const { description, enum: options } = schema;
      const list = Array.isArray(options) ? options.slice(0, 50) : [];
      const texts = [description, ...list].filter((text) => typeof text === 'string');
      return texts.map((text) => ({
        path: `${path}.properties.${shorten(name, 60)}`,
        text,
        words,
      }));
    });
}

/** Limits in what the assistant says and in the messages of results that the passage contradicts. */
export function saidContradictions(row: Row): Hit[] {
  const passage = passageOf(row);
  if (passage === undefined) return [];
  const none = new Set<string>();
  const budget = { left: MAX_SENTENCES };
  return row.messages.flatMap(({ role, content, index }) => {
    if (role !== 'assistant' && role !== 'tool') return [];
    const texts = role === 'assistant' ? [content] : proseIn(content);
    return texts.flatMap((text) =>
      contradictionsIn(text, none, passage, budget)
        .filter(({ isLimit }) => isLimit)
        .map(({ one }) => hitOf(one, index, 'content')),
    );
  });
}

/** The texts of a result that are sentences. */
function proseIn(content: string): string[] {
  const value = content.length > 20_000 ? undefined : jsonOrUndefined(content);
  if (value === undefined) return [content.slice(0, 2000)];
  if (!isObject(value)) return [];
  return Object.values(value)
    .slice(0, 50)
    .filter((member): member is string => typeof member === 'string' && member.includes(' '));
}

/** The facts of a text that the source gives another value, and whether they are stated as limits. */
function contradictionsIn(
  text: string,
  words: ReadonlySet<string>,
  source: Source,
  budget: { left: number },
): { one: Contradiction; isLimit: boolean }[] {
  if (
    budget.left <= 0 ||
    !/\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b/i.test(text)
  )
    return [];
  return readSentences(text.slice(0, 6000)).flatMap((sentence) => {
    if (sentence.facts.length === 0 || budget.left <= 0) return [];
    budget.left -= 1;
    const isShort = sentence.words.size < 4;
    const wider = isShort
      ? { ...sentence, words: new Set([...sentence.words, ...words]) }
      : sentence;
    return trace(wider, source, SHORT).contradictions.map((one) => ({
      one,
      isLimit: isLimit(one.said, sentence),
    }));
  });
}

function isLimit({ start, end }: Fact, { text }: Sentence): boolean {
  const before = text.slice(Math.max(0, start - 70), start);
  return BOUND_BEFORE.test(before) || BOUND_AFTER.test(text.slice(end, end + 24));
}

function hitOf(
  { said, saidIn, source, sourceIn }: Contradiction,
  message: number | null,
  path: string,
): Hit {
  const text = `"${shorten(said.text, 40)}" in "${shorten(saidIn.text, 100)}", where the passage has "${shorten(source.text, 40)}": "${shorten(sourceIn.text, 100)}"`;
  return { message_index: message, path, text };
}
