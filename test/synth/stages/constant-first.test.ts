import { describe, expect, it } from 'vitest';
import { synthesizerPrompt } from '../../../core/synthesizer.ts';
import { STAGES } from '../../../synth/setups.ts';
import { judgeStage } from '../../../synth/stages/judge.ts';
import type { Prompt } from '../../../synth/stages/stage.ts';

const passage = (text: string) => ({ ...STAGES.filter.probe.passage, id: text, text });

/** A stage's prompts for two inputs that have nothing in common but their kind. */
const PAIRS: Record<string, [Prompt, Prompt]> = {
  filter: both(STAGES.filter, (probe, text) => ({ ...probe, passage: passage(text) })),
  extract: both(STAGES.extract, (probe, text) => ({ ...probe, passage: passage(text) })),
  generate: both(STAGES.generate, (probe, text) => ({ ...probe, passage: passage(text) })),
  refine: both(STAGES.refine, (probe, text) => ({ ...probe, language: text })),
  judge: both(judgeStage('findings'), (probe, text) => ({
    ...probe,
    conversation: { messages: [{ role: 'user' as const, content: text }], tools: [] },
  })),
  repair: both(STAGES.repair, (probe, text) => ({ ...probe, passage: passage(text) })),
};

function both<Input>(
  { prompt, probe }: { prompt: (input: Input, format: 'tags') => Prompt; probe: Input },
  change: (probe: Input, text: string) => Input,
): [Prompt, Prompt] {
  return [
    prompt(change(probe, 'A first text.'), 'tags'),
    prompt(change(probe, 'Zweiter Text.'), 'tags'),
  ];
}

describe('a prompt has its constant part first, for prefix caches', () => {
  it.each(Object.entries(PAIRS))('%s', (_, [one, other]) => {
    expect(one.system).toBe(other.system);
    expect(one.system.length).toBeGreaterThan(1500);
    expect(one.user).not.toBe(other.user);
    expect(sharedStart(one.user, other.user)).toMatch(/^Task: \w+\n</);
  });

  it('synthesize', () => {
    const [one, other] = [synthesizerPrompt(passage('A')), synthesizerPrompt(passage('Z'))];
    const shared = sharedStart(one, other);
    expect(shared.length).toBeGreaterThan(one.length - 40);
  });

  it('and a passage before what its workflows differ in', () => {
    const { prompt, probe } = STAGES.generate;
    const workflow = { ...probe.workflow, description: 'Something else.' };
    const [one, other] = [prompt(probe, 'tags'), prompt({ ...probe, workflow }, 'tags')];
    expect(sharedStart(one.user, other.user)).toContain(probe.passage.text);
  });
});

function sharedStart(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return one.slice(0, at);
}
