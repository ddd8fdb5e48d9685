import type { Conversation, ToolDefinition } from '../../core/conversation.ts';
import type { Pattern } from '../../core/taxonomy.ts';
import type { Workflow } from '../../core/workflow.ts';
import { CONSENT, ruleTexts, systemMessage } from './dialogue/cast.ts';
import { playEpisode } from './dialogue/episode.ts';
import { fill } from './dialogue/fill.ts';
import * as phrases from './dialogue/phrases.ts';
import type { Scene } from './dialogue/scene.ts';
import { Script } from './dialogue/script.ts';
import { modelTools, type ToolModel } from './dialogue/tool-model.ts';
import { World } from './dialogue/world.ts';
import type { Size } from './extract.ts';
import { Random } from './seed.ts';

export interface GenerateRequest {
  passage: string;
  workflow: Workflow;
  tools: ToolDefinition[];
  patterns: readonly Pattern[];
}

/** A whole conversation for a workflow, with the patterns asked for. */
export function generateOffline(request: GenerateRequest, size: Size, seed: string): Conversation {
  const { passage, workflow, tools } = request;
  const random = new Random(`${seed} generate ${passage} ${workflow.description} ${request.patterns.join()}`);
  const models = modelTools(tools, workflow.constraints);
  const rules = ruleTexts(workflow.constraints);
  const scene = stage(random, rules);
  scene.script.system(systemMessage(passage, models, rules, scene.consent, random));
  playMain(scene, models, workflow, new Set(request.patterns));
  return { messages: scene.script.messages, tools };
}

function stage(random: Random, rules: readonly string[]): Scene {
  // A rule that says no reads as a refusal when it is told unasked.
  const says = (rule: string) =>
    (/\b(?:cannot|not (?:possible|allowed|permitted))\b/i.test(rule) ? 200 : 0) + (/ first, before you /.test(rule) ? 300 : 0) + (/\d/.test(rule) ? 0 : 100) + rule.length;
  const byLength = [...rules].sort((a, b) => says(a) - says(b));
  return {
    script: new Script(),
    world: new World(random),
    random,
    style: random.pick(phrases.STYLES),
    rules: byLength,
    consent: random.pick(CONSENT),
    ids: new Map(),
  };
}

function playMain(scene: Scene, models: readonly ToolModel[], workflow: Workflow, patterns: ReadonlySet<Pattern>): void {
  const { random, style } = scene;
  const goal = goalOf(models, workflow);
  const openers = models.filter((tool) => tool !== goal && goal.parameters.some(({ source }) => source === tool.name));
  const others = models.filter((tool) => tool !== goal && !openers.includes(tool));
  const crowded = patterns.has('error_recovery') && patterns.has('clarification');
  const extra = others.length > 0 && (!crowded || random.chance(0.35)) ? [random.pick(others)] : [];
  const reads = extra.filter(({ writes }) => !writes);
  const writes = extra.filter((tool) => tool.writes);
  const second = extra[0];
  const opening = fill(phrases.OPENINGS[style], random, { goal: goal.phrase });
  const linked = second === undefined ? '' : ` ${fill(phrases.LINKED[style], random, { second: second.phrase })}`;
  playEpisode(scene, { path: [...openers, ...reads, goal, ...writes], goal, patterns, opening: opening + linked });
}

/** The tool that the workflow's description names; else the last that writes, else the last. */
function goalOf(models: readonly ToolModel[], workflow: Workflow): ToolModel {
  const named = models.find(({ phrase }) => workflow.description.toLowerCase().startsWith(phrase.toLowerCase()));
  const goal = named ?? models.findLast(({ writes }) => writes) ?? models.at(-1);
  if (goal === undefined) throw new RangeError('no tools to talk with');
  return goal;
}
