import { sightOf } from '../grounding/sight.ts';
import { tracesOf } from '../grounding/trace.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row } from '../row.ts';
import { exchangesOf } from './exchanges.ts';

/** Ids in calls that are given only later, by another result or by the user. */
export function earlyIds(row: Row): Hit[] {
  const sight = sightOf(row);
  const ungrounded = tracesOf(row).filter(
    ({ argument, match }) => argument === 'id' && match.kind === 'ungrounded',
  );
  if (ungrounded.length === 0) return [];
  const answers = new Map(exchangesOf(row).map(({ call, message }) => [call, message]));
  return ungrounded.flatMap(({ call, leaf }): Hit[] => {
    const given = sight.phrase(String(leaf.value), row.messages.length)?.origin.message;
    // The call's own result may only repeat it.
    if (given === undefined || given === answers.get(call)) return [];
    const text = `${shorten(call.name, 64)} uses ${shorten(String(leaf.value), 60)}, which only message ${given} gives`;
    return [{ message_index: call.message, path: `${call.path}.function.arguments`, text }];
  });
}
