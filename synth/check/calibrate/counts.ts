import type { Random } from '../../offline/seed.ts';
import { choose } from './choose.ts';
import { messagesOf, withContent } from './edit.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

/** A text that counts other than the result before it lists. */
export const COUNT_MUTATION: Mutation = {
  name: 'wrong count of results',
  family: 'state',
  codes: ['count_differs', 'count_contradicts_list', 'stated_number_unknown'],
  mutate: (row, random) => wrongCount(row, random),
};

const COUNTS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Changes how many there are in a text right after a result whose only list has that many. */
function wrongCount(row: CleanRow, random: Random): CorruptedRow | null {
  const { messages } = row.conversation;
  const candidates = messagesOf(row, 'tool').flatMap(({ index, message }) => {
    const next = messages[index + 1];
    const count = listLength(message.content);
    if (next?.role !== 'assistant' || next.tool_calls !== undefined || count < 2) return [];
    const word = COUNTS[count];
    const pattern = new RegExp(
      `\\b(?:found|have|has|are|shows?) (?:${count}|${word}) (?=[a-z ]*s\\b)`,
    );
    const match = pattern.exec(next.content ?? '');
    return match === null ? [] : [{ index: index + 1, text: next.content ?? '', match, count }];
  });
  return choose(candidates, random, ({ index, text, match, count }) => {
    const other = count + random.int(1, 4);
    const changed = match[0].replace(/\S+ $/, `${other} `);
    return withContent(
      row,
      index,
      text.slice(0, match.index) + changed + text.slice(match.index + match[0].length),
    );
  });
}

/** The length of a result's list, where it is one or has just one; 0 otherwise. */
function listLength(content: string): number {
  try {
    const value: unknown = JSON.parse(content);
    if (Array.isArray(value)) return value.length;
    const lists =
      typeof value === 'object' && value !== null ? Object.values(value).filter(Array.isArray) : [];
    const [only, ...others] = lists;
    return only !== undefined && others.length === 0 ? only.length : 0;
  } catch {
    return 0;
  }
}
