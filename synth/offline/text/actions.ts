import { isUncountable } from '../words/grammar.ts';
import { CLIENTS, STAFF } from '../words/nouns.ts';
import { GERUNDS, PARTICIPLES, THIRD_PERSONS, VERBS } from '../words/verbs.ts';
import type { Action, FoundAction } from './action.ts';
import { nounPhraseBefore } from './noun-phrase.ts';
import { operationAt } from './operation.ts';
import type { Sentence } from './sentences.ts';
import { type Token, tokenise } from './tokens.ts';

/** The operations of a passage in the order of the text. */
export function findActions(sentences: readonly Sentence[]): Action[] {
  return sentences.flatMap((sentence, index) => {
    const tokens = tokenise(sentence.text);
    const found = sentence.kind === 'heading' ? inTitle(tokens) : inSentence(tokens);
    return found.map((action) => ({ ...action, sentence: index }));
  });
}

function inTitle(tokens: readonly Token[]): FoundAction[] {
  const start = titleStart(tokens);
  const token = tokens[start];
  if (token === undefined) return [];
  const verb = VERBS.has(token.lower) ? token.lower : GERUNDS.get(token.lower);
  if (verb === undefined || tokens.length - start > 9) return [];
  return operationAt(tokens, start, verb, 'title');
}

/** Where the verb of a title stands: after "How to", "Rules for", "Guide to". */
function titleStart(tokens: readonly Token[]): number {
  const lead = tokens.findIndex((token) => /^(?:to|for|on)$/.test(token.lower));
  return lead > 0 && lead < 4 && TITLE_LEADS.test(tokens[lead - 1]?.lower ?? '') ? lead + 1 : 0;
}

const TITLE_LEADS =
  /^(?:how|rules|guide|steps|instructions|procedure|policy|request|requests|guidelines)$/;

function inSentence(tokens: readonly Token[]): FoundAction[] {
  const found: FoundAction[] = [];
  const orders = orderStarts(tokens);
  for (let at = 0; at < tokens.length; at += 1) {
    if (orders.has(at)) found.push(...operationAt(tokens, at, tokens[at]?.lower ?? '', 'order'));
    else found.push(...withActor(tokens, at), ...inPassive(tokens, at));
  }
  return found;
}

const LEADS =
  /^(?:then|next|first|finally|now|please|afterwards|lastly|second|secondly|also|carefully|always|only)$/;
const CONDITIONAL =
  /^(?:if|when|once|after|before|for|to|on|in|as|while|until|at|during|from|under|with|where|optionally|otherwise|unless)$/;

/** Where an imperative may begin: at the start, after a lead-in clause with a comma, and after "and" or "then". */
function orderStarts(tokens: readonly Token[]): Set<number> {
  const starts = new Set<number>();
  let at = 0;
  if (CONDITIONAL.test(tokens[0]?.lower ?? '')) {
    const comma = tokens.findIndex((token) => token.text === ',');
    if (comma < 0) return starts;
    at = comma + 1;
  }
  while (LEADS.test(tokens[at]?.lower ?? '') || tokens[at]?.text === ',') at += 1;
  if (!isBase(tokens, at)) return starts;
  starts.add(at);
  for (let index = at + 1; index < tokens.length; index += 1) {
    const before = tokens[index - 1]?.lower ?? '';
    if (/^(?:and|then|or|;)$/.test(before) && isBase(tokens, index) && takesObject(tokens, index))
      starts.add(index);
  }
  return starts;
}

function isBase(tokens: readonly Token[], at: number): boolean {
  return VERBS.has(tokens[at]?.lower ?? '');
}

function takesObject(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return (
    next !== undefined &&
    (/^(?:the|a|an|your|their|it|them|on|off|any|all|each)$/.test(next.lower) ||
      /^[A-Z]/.test(next.text))
  );
}

const AUXILIARY =
  /^(?:must|should|can|may|will|shall|then|first|also|always|only|need|needs|to|has|have|could|now|you|and|either|usually|again|not|cannot|never|asked|required)$/;

/** "The clerk checks the card", "members can renew a loan", "you must enter the code". */
function withActor(tokens: readonly Token[], at: number): FoundAction[] {
  const word = tokens[at]?.lower ?? '';
  const isYou = word === 'you' || word === 'we' || word === 'they';
  if (!isYou && !isPerson(word)) return [];
  let verbAt = at + 1;
  while (AUXILIARY.test(tokens[verbAt]?.lower ?? '')) verbAt += 1;
  const passed = tokens.slice(at + 1, verbAt).map((token) => token.lower);
  const form = tokens[verbAt]?.lower ?? '';
  const modal = passed.some((word) =>
    /^(?:must|should|can|may|will|shall|to|could|cannot)$/.test(word),
  );
  const verb = modal || isYou ? (VERBS.has(form) ? form : undefined) : thirdOrPlural(form, word);
  if (verb === undefined) return [];
  const negated = passed.some((word) => /^(?:not|cannot|never)$/.test(word));
  const by = word === 'you' || isClient(word) ? ('client' as const) : ('staff' as const);
  const found = [
    ...operationAt(tokens, verbAt, verb, 'actor', negated),
    ...coordinated(tokens, verbAt + 1, modal || isYou, negated),
  ];
  return found.map((action) => ({ ...action, by }));
}

function thirdOrPlural(form: string, subject: string): string | undefined {
  return THIRD_PERSONS.get(form) ?? (subject.endsWith('s') && VERBS.has(form) ? form : undefined);
}

/** The verbs that an "and" adds to the same subject: "checks the card and enters the date". */
function coordinated(
  tokens: readonly Token[],
  from: number,
  base: boolean,
  negated: boolean,
): FoundAction[] {
  for (let at = from; at + 1 < tokens.length && at < from + 14; at += 1) {
    const token = tokens[at];
    if (token === undefined || /^[.;:]$/.test(token.text)) break;
    if (token.lower !== 'and' && token.lower !== 'then') continue;
    const form = tokens[at + 1]?.lower ?? '';
    const verb = base
      ? VERBS.has(form) && takesObject(tokens, at + 1)
        ? form
        : undefined
      : THIRD_PERSONS.get(form);
    if (verb !== undefined) return operationAt(tokens, at + 1, verb, 'actor', negated);
  }
  return [];
}

function isPerson(word: string): boolean {
  return isClient(word) || STAFF.has(word) || STAFF.has(word.replace(/s$/, ''));
}

function isClient(word: string): boolean {
  return CLIENTS.has(word) || CLIENTS.has(word.replace(/s$/, ''));
}

/** "The deposit is refunded", "pallets must be assigned". */
function inPassive(tokens: readonly Token[], at: number): FoundAction[] {
  if (!/^(?:is|are|be|been)$/.test(tokens[at]?.lower ?? '')) return [];
  let pastAt = at + 1;
  while (
    /^(?:then|also|always|only|not|never|first|again|automatically|fully)$/.test(
      tokens[pastAt]?.lower ?? '',
    )
  )
    pastAt += 1;
  const verb = PARTICIPLES.get(tokens[pastAt]?.lower ?? '');
  let subjectEnd = at;
  while (AUXILIARY.test(tokens[subjectEnd - 1]?.lower ?? '')) subjectEnd -= 1;
  const object = nounPhraseBefore(tokens, subjectEnd);
  if (verb === undefined || object === undefined || isPerson(object.head)) return [];
  if (isConditional(tokens, at)) return [];
  const isBare =
    object.determiner === '' &&
    !object.plural &&
    !object.text.includes(' ') &&
    !isUncountable(object.head);
  if (isBare) return [];
  const negated = tokens
    .slice(subjectEnd, pastAt)
    .some((token) => /^(?:not|never|cannot)$/.test(token.lower));
  return [
    { verb, particle: '', object, kind: VERBS.get(verb) ?? 'write', form: 'passive', negated },
  ];
}

/** Whether a clause only says when or whether something else happens: "unless damage is found". */
function isConditional(tokens: readonly Token[], at: number): boolean {
  for (let index = at - 1; index >= 0; index -= 1) {
    const token = tokens[index];
    if (token === undefined || /^[,;:.]$/.test(token.text)) return false;
    if (
      /^(?:if|when|once|unless|until|where|whenever|while|after|because|since|that|which|who)$/.test(
        token.lower,
      )
    )
      return true;
  }
  return false;
}
