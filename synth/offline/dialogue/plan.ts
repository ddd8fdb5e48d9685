import type { Pattern } from '../../../core/taxonomy.ts';
import type { Workflow } from '../../../core/workflow.ts';
import { playEpisode } from './episode.ts';
import { fill } from './fill.ts';
import * as phrases from './phrases.ts';
import type { Scene } from './scene.ts';
import type { ToolModel } from './tool-model.ts';

/** One matter and nothing beside it, with the first of the patterns that it has room for. */
export function playBrief(
  scene: Scene,
  models: readonly ToolModel[],
  workflow: Workflow,
  patterns: ReadonlySet<Pattern>,
): void {
  const { goal, openers } = castOf(models, workflow);
  playEpisode(scene, {
    path: [...openers, goal],
    goal,
    patterns: new Set([...patterns].filter((pattern) => BRIEF_PATTERNS.has(pattern)).slice(0, 1)),
    opening: openingOf(scene, goal, undefined),
  });
}

const BRIEF_PATTERNS: ReadonlySet<Pattern> = new Set([
  'clarification',
  'error_recovery',
  'rule_conflict',
]);

/** One matter: the goal, and now and then another tool beside it. */
export function playCompact(
  scene: Scene,
  models: readonly ToolModel[],
  workflow: Workflow,
  patterns: ReadonlySet<Pattern>,
): void {
  const { random } = scene;
  const { goal, openers, others } = castOf(models, workflow);
  const looksUp =
    openers.length > 0 && !openers.some(({ returns }) => returns.includes('session_id'));
  if (looksUp && random.chance(0.2)) {
    playInquiry(scene, openers, goal, patterns);
    return;
  }
  const crowded =
    patterns.has('error_recovery') &&
    (patterns.has('clarification') || patterns.has('rule_conflict'));
  const extra =
    others.length > 0 && random.chance(crowded ? 0.15 : 0.7) ? [random.pick(others)] : [];
  const path = [
    ...openers,
    ...extra.filter(({ writes }) => !writes),
    goal,
    ...extra.filter((tool) => tool.writes),
  ];
  playEpisode(scene, { path, goal, patterns, opening: openingOf(scene, goal, extra[0]) });
}

/** A look first, then the wish. */
function playInquiry(
  scene: Scene,
  openers: ToolModel[],
  goal: ToolModel,
  patterns: ReadonlySet<Pattern>,
): void {
  const { random, style, voice } = scene;
  const [looking, wishing] = [new Set<Pattern>(), new Set<Pattern>()];
  for (const pattern of patterns)
    (/clarification|error_recovery/.test(pattern) ? looking : wishing).add(pattern);
  const [opener] = openers;
  if (opener === undefined) return;
  playEpisode(scene, {
    path: openers,
    goal: opener,
    patterns: looking,
    opening: fill(phrases.INQUIRY[style], random),
  });
  const opening = fill(phrases.FURTHER[style], random, { goal: voice(goal) });
  playEpisode(scene, { path: [goal], goal, patterns: wishing, opening });
}

/** Several matters one after another: the goal with checks, the other writes, and the goal again for another record. */
export function playLong(
  scene: Scene,
  models: readonly ToolModel[],
  workflow: Workflow,
  patterns: ReadonlySet<Pattern>,
): void {
  const { random } = scene;
  const { goal, openers, others } = castOf(models, workflow);
  const checks = others.filter(({ writes }) => !writes);
  const writes = others.filter((tool) => tool.writes);
  const [early, late] = share(patterns, random);
  playEpisode(scene, {
    path: [...openers, ...checks.slice(0, 1), goal],
    goal,
    patterns: early,
    opening: openingOf(scene, goal, checks[0]),
  });
  for (const tool of writes.slice(0, 2)) {
    const opening = fill(phrases.FURTHER[scene.style], random, { goal: scene.voice(tool) });
    playEpisode(scene, {
      path: [...checks.slice(1, 2), tool],
      goal: tool,
      patterns: new Set(),
      opening,
    });
  }
  scene.ids.clear();
  const again = fill(phrases.AGAIN[scene.style], random, { goal: goal.phrase });
  playEpisode(scene, {
    path: [...openers, ...checks.slice(0, 1), goal, ...writes.slice(2, 3)],
    goal,
    patterns: late,
    opening: again,
  });
}

interface Cast {
  goal: ToolModel;
  /** Tools that bring the ids that the goal needs. */
  openers: ToolModel[];
  others: ToolModel[];
}

function castOf(models: readonly ToolModel[], workflow: Workflow): Cast {
  const goal = goalOf(models, workflow);
  const openers = models.filter(
    (tool) => tool !== goal && goal.parameters.some(({ source }) => source === tool.name),
  );
  return {
    goal,
    openers,
    others: models.filter((tool) => tool !== goal && !openers.includes(tool)),
  };
}

/** The tool that the workflow's description names; else the last that writes, else the last. */
function goalOf(models: readonly ToolModel[], workflow: Workflow): ToolModel {
  const named = models.find(({ phrase }) =>
    workflow.description.toLowerCase().startsWith(phrase.toLowerCase()),
  );
  const goal = named ?? models.findLast(({ writes }) => writes) ?? models.at(-1);
  if (goal === undefined) throw new RangeError('no tools to talk with');
  return goal;
}

function openingOf(
  { random, style, voice }: Scene,
  goal: ToolModel,
  second: ToolModel | undefined,
): string {
  const opening = fill(phrases.OPENINGS[style], random, { goal: voice(goal) });
  return second === undefined
    ? opening
    : `${opening} ${fill(phrases.LINKED[style], random, { second: voice(second) })}`;
}

/** Patterns over the first and the last matter, so that each has its share. */
function share(
  patterns: ReadonlySet<Pattern>,
  random: Scene['random'],
): [Set<Pattern>, Set<Pattern>] {
  const [early, late] = [new Set<Pattern>(), new Set<Pattern>()];
  for (const pattern of patterns) (random.chance(0.6) ? early : late).add(pattern);
  return [early, late];
}
