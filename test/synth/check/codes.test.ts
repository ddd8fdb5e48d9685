import { describe, expect, it } from 'vitest';
import { type CheckContext, severityIn } from '../../../synth/check/check.ts';
import {
  CHECKS,
  checkConversation,
  checkOf,
  paperGateFails,
  strictGateFails,
} from '../../../synth/check/run-checks.ts';
import { CASES, type Case, call, clean, closing, result, row, system, user } from './cases.ts';

function codesOf(conversation: Case['failing'], change: Partial<CheckContext> = {}): string[] {
  const context = {
    conversation,
    refined: true,
    profile: 'gem',
    language: null,
    ...change,
  } as const;
  return checkConversation(context).map(({ code }) => code);
}

describe('the table of codes', () => {
  it('has a failing and a passing row for every code, and every code once', () => {
    const codes = CHECKS.map(({ code }) => code);
    expect(Object.keys(CASES).sort()).toEqual([...codes].sort());
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each(CHECKS.map((check) => [check.code, check] as const))('explains %s', (code, check) => {
    expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    for (const text of [check.title, check.explanation, check.fix, check.example]) {
      expect(text.length).toBeGreaterThan(7);
    }
  });

  it.each(Object.entries(CASES))('%s is found where it is and only there', (code, example) => {
    const failing = codesOf(example.failing, example.context);
    expect(failing).toContain(code);
    const context = example.passingContext ?? example.context;
    expect(codesOf(example.passing, context)).not.toContain(code);
  });

  it('finds nothing in a clean row', () => {
    expect(codesOf(clean, { language: 'English' })).toEqual([]);
  });
});

describe('profiles and gates', () => {
  it('holds foreign rows to our house rules by warnings at most', () => {
    const context: CheckContext = {
      conversation: clean,
      refined: true,
      profile: 'foreign',
      language: null,
    };
    const ours = [
      'no_system',
      'system_not_first',
      'several_calls_a_turn',
      'last_not_assistant',
      'text_beside_call',
    ];
    for (const code of ours) {
      const check = checkOf(code);
      expect(check && severityIn(check, context), code).toMatch(/^(?:warning|note)$/);
    }
  });

  it('asks for one call a turn and no text beside it only after refinement', () => {
    const several = CASES.several_calls_a_turn?.failing ?? clean;
    expect(codesOf(several, { refined: false })).toEqual([]);
    const beside = row(system, user, { ...call, content: 'Let me see.' }, result, closing);
    expect(codesOf(beside, { refined: false })).toEqual([]);
    expect(codesOf(beside)).toEqual(['text_beside_call']);
  });

  it('lets placeholders through the gate of the paper and not through the strict one', () => {
    const gates = (conversation: Case['failing']): boolean[] => {
      const findings = checkConversation({
        conversation,
        refined: true,
        profile: 'gem',
        language: null,
      });
      return [paperGateFails(findings), strictGateFails(findings)];
    };
    expect(gates(clean)).toEqual([false, false]);
    expect(gates(CASES.placeholder?.failing ?? clean)).toEqual([false, true]);
    expect(gates(CASES.wrong_type?.failing ?? clean)).toEqual([true, true]);
    expect(gates(CASES.tool_no_description?.failing ?? clean)).toEqual([false, false]);
  });

  it('takes what stands in the passage for no leftover', () => {
    const { failing } = CASES.placeholder ?? { failing: clean };
    const passage = 'Loans run four weeks. The list ends with "... 5 more results".';
    expect(codesOf(failing, { passage })).toEqual([]);
  });
});

describe('findings', () => {
  it('come in the order of the messages, those of the tools first', () => {
    const faulty = {
      ...row(system, user, call, { ...result, content: '' }, { ...closing, content: '' }),
      tools: [...clean.tools, {}],
    };
    const findings = checkConversation({
      conversation: faulty,
      refined: true,
      profile: 'gem',
      language: null,
    });
    expect(findings.map(({ code, message_index: at, path }) => [code, at, path])).toEqual([
      ['tool_malformed', null, 'tools[1]'],
      ['message_empty', 3, null],
      ['assistant_empty', 4, null],
    ]);
  });

  it('are cut at a hundred of a code, and say how many there are', () => {
    const empty = Array.from({ length: 150 }, () => ({ role: 'assistant', content: '' }));
    const findings = checkConversation({
      conversation: row(...empty),
      refined: true,
      profile: 'foreign',
      language: null,
    }).filter(({ code }) => code === 'assistant_empty');
    expect(findings).toHaveLength(100);
    expect(findings.at(-1)?.text).toContain('50 more');
  });
});
