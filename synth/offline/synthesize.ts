import type { Conversation } from '../../core/conversation.ts';
import type { Constraint } from '../../core/workflow.ts';
import { choosePatterns } from '../stages/patterns.ts';
import { OfflineTeacherError } from './errors.ts';
import { extractOffline } from './extract.ts';
import { generateOffline } from './generate.ts';
import { refineOffline } from './refine.ts';
import type { Size } from './size.ts';

/**
 * The trajectory of a passage at once: its first workflow, played and refined. Like a trained synthesizer it answers
 * for every text, procedure or not: whoever wants only procedures filters first.
 */
export function synthesizeOffline(
  passage: string,
  size: Size,
  seed: string,
): { conversation: Conversation; constraints: Constraint[] } {
  const [extracted] = extractOffline(passage, 1, size, seed).workflows;
  if (extracted === undefined)
    throw new OfflineTeacherError('the passage has nothing that a trajectory can be made of');
  const { tools, ...workflow } = extracted;
  const patterns = choosePatterns(`${seed} synthesize ${passage}`);
  const draft = generateOffline({ passage, workflow, tools, patterns }, size, seed);
  const { description, constraints } = workflow;
  const conversation = refineOffline({ description, constraints, conversation: draft }, size, seed);
  return { conversation, constraints };
}
