import type { Conversation } from '../../core/conversation.ts';
import { Pattern } from '../../core/taxonomy.ts';
import { type PastCall, PatternRow } from './pattern-row.ts';
import { namesRule, rulesOf } from './pattern-rules.ts';

/** A pattern and the message that shows it. */
export interface PatternPlace {
  pattern: Pattern;
  message_index: number;
}

/** The patterns that a conversation shows, each once, in the order of the vocabulary: detected, not claimed. */
export function findPatterns(conversation: Conversation): Pattern[] {
  const found = new Set(locatePatterns(conversation).map(({ pattern }) => pattern));
  return Pattern.options.filter((pattern) => found.has(pattern));
}

/** Every place where a structure rule finds a pattern, in the order of the messages. */
export function locatePatterns(conversation: Conversation): PatternPlace[] {
  const row = new PatternRow(conversation);
  const places = Object.entries(RULES).flatMap(([name, find]) =>
    [...new Set(find(row))].map((index) => ({
      pattern: Pattern.parse(name),
      message_index: index,
    })),
  );
  return places.sort((a, b) => a.message_index - b.message_index);
}

const FAR = 8;

/** For each pattern the rule that finds it: gives the indices of the messages that show it. */
const RULES: Record<Pattern, (row: PatternRow) => number[]> = {
  /** A question, an answer, and a call with a value that nobody had said before the answer. */
  clarification: (row) =>
    places(row, (call) =>
      call.values.some((value) => {
        const first = row.mentions(value)[0];
        if (first === undefined || row.messages[first]?.role !== 'user') return false;
        return isQuestion(row, first - 1);
      }),
    ),

  /** A call that failed, and a later call of the same tool that did not. */
  error_recovery: (row) =>
    places(row, (call) => {
      if (call.failed !== false) return false;
      return row.calls.some(
        ({ name, failed, message }) =>
          name === call.name && failed === true && message < call.message,
      );
    }),

  /** A refusal after a user's demand that names a rule of the system message. */
  rule_conflict: (row) => {
    const rules = rulesOf(row.systemText);
    return row.statements
      .filter(
        ({ message, text }) =>
          REFUSAL.test(text) &&
          row.messages[message - 1]?.role === 'user' &&
          namesRule(text, rules, ''),
      )
      .map(({ message }) => message);
  },

  /** A rule's number or words that the user has not brought up, told without a refusal. */
  rule_awareness: (row) => {
    const rules = rulesOf(row.systemText);
    return row.statements
      .filter(
        ({ message, text }) =>
          !REFUSAL.test(text) && namesRule(text, rules, row.saidBefore(message)),
      )
      .map(({ message }) => message);
  },

  /** A value that was first seen in the result of another tool. */
  multi_hop_reasoning: (row) =>
    places(row, (call) =>
      call.values.some((value) => {
        const first = row.mentions(value)[0];
        if (value.length < 3 || first === undefined || first >= call.message) return false;
        const origin = row.calls.find(({ result }) => result === first);
        return origin !== undefined && origin.name !== call.name;
      }),
    ),

  /** Something cannot be done, and no rule is the reason. */
  limitation: (row) => {
    const rules = rulesOf(row.systemText);
    return row.statements
      .filter(({ text }) => INABILITY.test(text) && !namesRule(text, rules, ''))
      .map(({ message }) => message);
  },

  /** Two things or more that the user is to do by hand, and the user's answer. */
  user_guidance: (row) =>
    row.messages
      .filter(
        ({ role, text, index }) =>
          role === 'assistant' &&
          row.messages[index + 1]?.role === 'user' &&
          (text.match(HAND_STEP) ?? []).length >= 2,
      )
      .map(({ index }) => index),

  /** A value that nobody has mentioned in the eight messages before its use. */
  long_context: (row) =>
    places(row, (call) =>
      call.values.some((value) => {
        const last = row.mentions(value).findLast((index) => index < call.message);
        return value.length >= 3 && last !== undefined && call.message - last >= FAR;
      }),
    ),
};

const REFUSAL =
  /\b(?:can(?:no|')t|can not|unable to|not (?:possible|allowed|permitted|eligible|able)|(?:is|are)n't (?:possible|allowed|permitted|eligible)|no exceptions?|against (?:our|the) (?:rules?|policy))\b/i;

const INABILITY =
  /\b(?:I|we)(?:'m| am|'re| are)? (?:can(?:no|')t|can not|unable to|not able to|(?:do not|don't) have (?:a |any |the )?(?:tools?|way|means|access|ability))(?! (?:find|see|locate|say|tell|know)\b)/i;

const HAND_STEP =
  /(?:^|[.!;:,]\s+|\b(?:please|then|and|first|next|now)\s+|^\s{0,4}(?:\d{1,2}[.)]|[-*])\s+)(?:open|press|tap|click|turn|switch|go to|navigate|select|choose|unplug|plug|restart|reboot|toggle|hold|pull|push|remove|insert|connect|disconnect|swipe|scroll|type|enter|check that)\b/gim;

/** Whether a message asks the user something after they have said what they want; "Anything else?" is no such thing. */
function isQuestion({ messages }: PatternRow, index: number): boolean {
  const message = messages[index];
  if (message?.role !== 'assistant' || !message.text.includes('?')) return false;
  if (/\b(?:anything|something) else\b|\bhow (?:can|may) I (?:help|assist)/i.test(message.text))
    return false;
  return messages.slice(0, index).some(({ role }) => role === 'user');
}

function places(row: PatternRow, shows: (call: PastCall) => boolean): number[] {
  return row.calls.filter(shows).map(({ message }) => message);
}
