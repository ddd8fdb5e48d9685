import type { ExtractedWorkflow } from '../../core/workflow.ts';
import type { ExtractAnswer } from '../stages/extract.ts';
import { isKitchen } from './design/goal.ts';
import { goalsOf } from './design/goals.ts';
import { designWorkflow, type WorkflowSize } from './design/workflow.ts';
import { Random } from './seed.ts';
import type { Size } from './size.ts';
import { type Reading, readPassage } from './text/reading.ts';
import { topicsOf } from './topics.ts';
import type { VerbKind } from './words/verbs.ts';

const WORKFLOW_SIZES: Record<Size, WorkflowSize> = {
  brief: { tools: 2, rules: 1, characters: 120 },
  compact: { tools: 3, rules: 3, characters: 240 },
  paper: { tools: 5, rules: 10, characters: 1500 },
};

/** The workflows of a passage, at most as many as asked; a further one has another goal. */
export function extractOffline(
  passage: string,
  workflows: number,
  size: Size,
  seed: string,
): ExtractAnswer {
  const random = new Random(`${seed} extract ${passage}`);
  const reading = readPassage(passage);
  const session = sessionOf(reading);
  const found: ExtractedWorkflow[] = [];
  const taken = new Set<string>();
  for (const goal of goalsOf(reading, session !== undefined)) {
    if (found.length > 0 && found.length >= workflows) break;
    if (taken.has(goal.name)) continue;
    taken.add(goal.name);
    found.push(designWorkflow(reading, goal, session, WORKFLOW_SIZES[size], random));
  }
  return { workflows: found };
}

/** The device that a text about a screen, a machine or a kitchen is about; undefined for services. */
function sessionOf(reading: Reading): string | undefined {
  const count = (kind: VerbKind) =>
    reading.actions.filter((action) => action.kind === kind && action.form !== 'passive').length;
  if (isKitchen(reading)) return 'cooker';
  if (reading.identifiers.length > 0) return undefined;
  const { platform } = topicsOf(reading.text);
  const isScreen = count('move') >= 2 && count('move') >= reading.actions.length / 4;
  if (platform === 'computer' && isScreen) return 'computer';
  if (platform === 'phone' && isScreen) return 'phone';
  return platform === 'machine' && count('write') >= 2 ? 'device' : undefined;
}
