import type { Conversation, ToolDefinition } from '../../core/conversation.ts';
import type { Pattern } from '../../core/taxonomy.ts';
import type { Workflow } from '../../core/workflow.ts';
import { CONSENT, ruleTexts, systemMessage } from './dialogue/cast.ts';
import * as phrases from './dialogue/phrases.ts';
import { playBrief, playCompact, playLong } from './dialogue/plan.ts';
import type { Scene } from './dialogue/scene.ts';
import { Script } from './dialogue/script.ts';
import { inTellingOrder } from './dialogue/telling.ts';
import { temptationsOf } from './dialogue/temptations.ts';
import { modelTools, type ToolModel } from './dialogue/tool-model.ts';
import { voiceOf } from './dialogue/voice.ts';
import { World } from './dialogue/world.ts';
import { Random } from './seed.ts';
import type { Size } from './size.ts';
import { readPassage } from './text/reading.ts';

export interface GenerateRequest {
  passage: string;
  workflow: Workflow;
  tools: ToolDefinition[];
  patterns: readonly Pattern[];
}

/** A whole conversation for a workflow, with the patterns asked for. */
export function generateOffline(request: GenerateRequest, size: Size, seed: string): Conversation {
  const { passage, workflow, tools } = request;
  const random = new Random(
    `${seed} generate ${passage} ${workflow.description} ${request.patterns.join()}`,
  );
  const models = modelTools(tools, workflow.constraints);
  const rules = ruleTexts(workflow.constraints);
  const order = workflow.constraints.find(({ operator }) => operator === 'after')?.rule;
  const scene = stage(
    random,
    rules.filter((rule) => rule !== order),
    passage,
    size,
    order,
  );
  scene.script.system(systemMessage(passage, models, rules, scene.consent.rule, random));
  PLAYS[size](scene, speakable(models), workflow, new Set(request.patterns));
  return { messages: scene.script.messages, tools };
}

const PLAYS = { brief: playBrief, compact: playCompact, paper: playLong };
const DETAIL = { brief: 0, compact: 0.25, paper: 0.8 };

/** Tools whose arguments are told in a word or a number; others stay uncalled where there is a choice. */
function speakable(models: readonly ToolModel[]): readonly ToolModel[] {
  const plain = models.filter(({ parameters }) =>
    parameters.every(({ type }) => type !== 'object' && type !== 'array'),
  );
  return plain.length > 0 ? plain : models;
}

function stage(
  random: Random,
  rules: readonly string[],
  passage: string,
  size: Size,
  order: string | undefined,
): Scene {
  const reading = readPassage(passage);
  return {
    script: new Script(),
    world: new World(random, DETAIL[size]),
    random,
    style: random.pick(phrases.STYLES),
    rules: inTellingOrder(rules),
    order,
    consent: random.pick(CONSENT),
    ids: new Map(),
    voice: voiceOf(reading),
    temptations: temptationsOf(reading, rules, random),
  };
}
