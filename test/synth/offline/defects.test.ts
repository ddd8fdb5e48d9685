import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../core/conversation.ts';
import { DEFECTS, TEXT_DEFECTS } from '../../../synth/offline/defects/table.ts';
import { judgeOffline } from '../../../synth/offline/judge.ts';
import { Random } from '../../../synth/offline/seed.ts';
import { generate } from '../../../synth/stages/generate.ts';
import { passes } from '../../../synth/stages/judge.ts';
import { answerText, COMPACT, make, passageOf, sampleRows } from './ask.ts';

const made = sampleRows()
  .filter(({ procedural }) => procedural)
  .map(({ text }) => make(text, COMPACT));

/** Which rubric the judge gives 0 for each defect that it claims to see. */
const SEEN = {
  invented_id: 'argument_values',
  success_beyond_limit: 'context',
  missing_argument: 'capability',
  unknown_tool: 'capability',
  wrong_type: 'capability',
  missing_result: 'context',
  placeholder: 'context',
  changed_reference: 'context',
  false_inability: 'capability',
} as const;

describe('the judge', () => {
  it.each(Object.entries(SEEN))('sees a planted %s', (name, rubric) => {
    const defect = DEFECTS.find((one) => one.name === name);
    const spoilt = made.flatMap(({ refined, workflow }): Conversation[] => {
      const one = defect?.apply(structuredClone(refined), new Random(name), workflow.constraints);
      return one === undefined ? [] : [one];
    });
    const verdicts = spoilt.map(judgeOffline);
    expect(spoilt.length).toBeGreaterThan(5);
    expect(
      verdicts.filter(({ rubrics }) => rubrics[rubric] === 0).length / spoilt.length,
    ).toBeGreaterThan(0.9);
    for (const verdict of verdicts.filter((one) => !passes(one))) {
      expect(verdict.reason).toContain(`Message ${verdict.message_index}`);
    }
  });
});

describe('the defect rate', () => {
  it('spoils about the share of answers that it says', () => {
    const spoilt = made.filter(({ text, workflow, patterns }) => {
      const input = { passage: passageOf(text), workflow, patterns, language: 'English' };
      const clean = answerText(generate, input, COMPACT);
      return answerText(generate, input, { ...COMPACT, defectRate: 0.5 }) !== clean;
    });
    expect(spoilt.length / made.length).toBeGreaterThan(0.3);
    expect(spoilt.length / made.length).toBeLessThan(0.7);
  });

  it('always spoils at rate 1', () => {
    for (const { text, workflow, patterns } of made) {
      const input = { passage: passageOf(text), workflow, patterns, language: 'English' };
      const clean = answerText(generate, input, COMPACT);
      expect(answerText(generate, input, { ...COMPACT, defectRate: 1 })).not.toBe(clean);
    }
  });

  it('has text defects that a parser must put right or refuse', () => {
    const text = '<user>\nHello\n</user>\n<assistant>\nGood morning.\n</assistant>';
    for (const { apply } of TEXT_DEFECTS) expect(apply(text, new Random('x'))).not.toBe(text);
  });
});
