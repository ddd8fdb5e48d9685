import type { Conversation } from '../../core/conversation.ts';
import { sha256 } from '../../core/hash.ts';
import { Workflow } from '../../core/workflow.ts';
import { extract } from '../stages/extract.ts';
import { filter } from '../stages/filter.ts';
import { generate } from '../stages/generate.ts';
import { judge } from '../stages/judge.ts';
import { refine } from '../stages/refine.ts';
import { repair } from '../stages/repair.ts';
import { NO_WORKFLOW } from '../stages/repair-prompt.ts';
import { synthesize } from '../stages/synthesize.ts';
import { printWithDefect } from './defects.ts';
import { OfflineTeacherError } from './errors.ts';
import { extractOffline } from './extract.ts';
import { filterOffline } from './filter.ts';
import { generateOffline } from './generate.ts';
import { judgeOffline } from './judge.ts';
import { answerPreference } from './prefer.ts';
import { refineOffline } from './refine.ts';
import { repairOffline } from './repair.ts';
import {
  conversationOf,
  jsonOf,
  lastBlock,
  type OfflineRequest,
  patternsOf,
  readTask,
  type TaskPrompt,
  textOf,
  toolsOf,
} from './request.ts';
import type { Size } from './size.ts';
import { synthesizeOffline } from './synthesize.ts';

export interface OfflineOptions {
  size: Size;
  /** Share of the generate, refine, synthesize and repair answers that get one defect, 0 to 1. */
  defectRate: number;
  seed: number;
}

/**
 * The text that a teacher model would answer to one of the toolkit's prompts, made from the prompt alone by rules: the
 * same request gives the same answer. Throws an OfflineTeacherError for a request without a task that is known.
 */
export function answerOffline(request: OfflineRequest, options: OfflineOptions): string {
  const prompt = readTask(request);
  const answer = TASKS.get(prompt.task);
  if (answer === undefined) {
    throw new OfflineTeacherError(
      `unknown task ${JSON.stringify(prompt.task)}; known are ${[...TASKS.keys()].join(', ')}`,
    );
  }
  const seed = `${options.seed} ${request.seed ?? 0} ${sha256(prompt.text)}`;
  return answer(prompt, options, seed);
}

type Task = (prompt: TaskPrompt, options: OfflineOptions, seed: string) => string;

const Description = Workflow.pick({ description: true, constraints: true });

/** What doctor asks for to see the speed: the numbers to sixty. */
const COUNTED = Array.from({ length: 60 }, (_, index) => index + 1).join(' ');

const TASKS: ReadonlyMap<string, Task> = new Map<string, Task>([
  ['filter', (prompt) => filter.print(filterOffline(textOf(prompt, 'passage')), prompt.format)],
  [
    'extract',
    (prompt, { size }, seed) => {
      const most = Number(textOf(prompt, 'workflows'));
      return extract.print(
        extractOffline(textOf(prompt, 'passage'), most, size, seed),
        prompt.format,
      );
    },
  ],
  [
    'generate',
    (prompt, options, seed) => {
      const workflow = jsonOf(prompt, 'workflow', Workflow);
      const request = {
        passage: textOf(prompt, 'passage'),
        workflow,
        tools: toolsOf(prompt),
        patterns: patternsOf(prompt),
      };
      const conversation = generateOffline(request, options.size, seed);
      return printWithDefect(
        conversation,
        (one) => generate.print(one, prompt.format),
        workflow.constraints,
        options.defectRate,
        seed,
      );
    },
  ],
  [
    'refine',
    (prompt, options, seed) => {
      const { description, constraints } = jsonOf(prompt, 'workflow', Description);
      const request = { description, constraints, conversation: conversationOf(prompt) };
      const conversation = refineOffline(request, options.size, seed);
      return printWithDefect(
        conversation,
        (one) => refine.print(one, prompt.format),
        constraints,
        options.defectRate,
        seed,
      );
    },
  ],
  ['synthesize', answerSynthesize],
  ['repair', answerRepair],
  ['prefer', answerPreference],
  ['doctor', ({ format }) => (format === 'json' ? '{"colour":"green","number":7}' : COUNTED)],
  ['judge', (prompt) => judge.print(judgeOffline(conversationOf(prompt)), prompt.format)],
]);

function answerSynthesize(prompt: TaskPrompt, options: OfflineOptions, seed: string): string {
  const passage = lastBlock(prompt, 'passage');
  const { conversation, constraints } = synthesizeOffline(passage, options.size, seed);
  const print = (one: Conversation) => synthesize.print(one, 'tags');
  return printWithDefect(conversation, print, constraints, options.defectRate, seed);
}

function answerRepair(prompt: TaskPrompt, options: OfflineOptions, seed: string): string {
  const workflow = workflowOf(prompt, options.size, seed);
  const conversation = conversationOf(prompt);
  const from = textOf(prompt, 'from');
  const request = {
    passage: textOf(prompt, 'passage'),
    workflow,
    conversation,
    from: from === 'all' ? undefined : Number(from),
    patterns: patternsOf(prompt),
  };
  const { messages, tools } = repairOffline(request, options.size, seed);
  return printWithDefect(
    { messages, tools: tools ?? conversation.tools },
    (one) =>
      repair.print(
        { messages: one.messages, tools: tools === null ? null : one.tools },
        prompt.format,
      ),
    workflow.constraints,
    options.defectRate,
    seed,
  );
}

/** The workflow that a repair goes by; its own reading of the passage where none was extracted. */
function workflowOf(prompt: TaskPrompt, size: Size, seed: string): Workflow {
  if (textOf(prompt, 'workflow').trim() !== NO_WORKFLOW)
    return jsonOf(prompt, 'workflow', Workflow);
  const [workflow] = extractOffline(textOf(prompt, 'passage'), 1, size, seed).workflows;
  if (workflow === undefined) throw new OfflineTeacherError('the passage holds no workflow');
  return workflow;
}
