import { describe, expect, it } from 'vitest';
import { EXAMPLE_CONVERSATION, EXAMPLE_WORKFLOW } from '../../../synth/stages/example.ts';
import { extract } from '../../../synth/stages/extract.ts';
import { filter } from '../../../synth/stages/filter.ts';
import { generate } from '../../../synth/stages/generate.ts';
import { judge } from '../../../synth/stages/judge.ts';
import { refine } from '../../../synth/stages/refine.ts';
import type { AnswerFormat } from '../../../synth/stages/stage.ts';

const FORMATS: AnswerFormat[] = ['tags', 'json'];

describe.each(FORMATS)('an answer printed as %s', (format) => {
  it('of the filter is read back', () => {
    const yes = {
      multi_step: true as const,
      tags: {
        summary: 'A clerk assigns a berth.',
        domains: ['travel_and_transportation' as const, 'shopping' as const],
        platform: 'operator' as const,
        task: 'customer_support' as const,
      },
    };
    const no = { multi_step: false as const, tags: null };
    for (const value of [yes, no]) {
      const parsed = filter.parse(filter.print(value, format), filter.probe, format);
      expect(parsed).toEqual({ ok: true, value, repairs: [] });
    }
  });

  it('of extraction is read back, to as many workflows as were asked for', () => {
    const value = {
      workflows: [EXAMPLE_WORKFLOW, { ...EXAMPLE_WORKFLOW, description: 'Another.' }],
    };
    const text = extract.print(value, format);
    expect(extract.parse(text, { ...extract.probe, workflows: 2 }, format)).toEqual({
      ok: true,
      value,
      repairs: [],
    });
    const one = extract.parse(text, extract.probe, format);
    expect(one).toMatchObject({ ok: true, value: { workflows: [EXAMPLE_WORKFLOW] } });
    expect(one.ok && one.repairs[0]).toContain('more than asked for');
  });

  it('of generation and refinement is read back', () => {
    const generated = generate.parse(
      generate.print(EXAMPLE_CONVERSATION, format),
      generate.probe,
      format,
    );
    expect(generated).toEqual({ ok: true, value: EXAMPLE_CONVERSATION, repairs: [] });
    const refined = refine.parse(refine.print(EXAMPLE_CONVERSATION, format), refine.probe, format);
    expect(refined).toEqual({ ok: true, value: EXAMPLE_CONVERSATION, repairs: [] });
  });

  it('of the judge is read back', () => {
    const value = {
      rubrics: { argument_values: 1 as const, capability: 1 as const, context: 0 as const },
      reason: 'Message 3 names another berth.',
      message_index: 3,
    };
    expect(judge.parse(judge.print(value, format), judge.probe, format)).toEqual({
      ok: true,
      value,
      repairs: [],
    });
  });
});

describe('a filter answer', () => {
  const labels =
    '<summary>S.</summary><domain>Health, Witchcraft</domain><platform>Phone</platform><task>Customer Support</task>';

  it('may write labels in another case; a domain off the menu is left out and reported', () => {
    const parsed = filter.parse(
      `Sure!\n<multi_step>TRUE</multi_step>${labels}`,
      filter.probe,
      'tags',
    );
    expect(parsed).toMatchObject({
      ok: true,
      value: { tags: { domains: ['health'], platform: 'phone', task: 'customer_support' } },
    });
    expect(parsed.ok && parsed.repairs.join()).toContain('witchcraft');
  });

  it.each([
    ['yes, it does', 'no <multi_step>'],
    ['<multi_step>maybe</multi_step>', 'maybe'],
    ['<multi_step>是</multi_step>', '是'],
    [`<multi_step>True</multi_step>${labels.replace('Customer Support', 'cooking')}`, 'task'],
    ['<multi_step>True</multi_step>', 'platform'],
  ])('%s is not guessed at', (text, problem) => {
    const parsed = filter.parse(text, filter.probe, 'tags');
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.problem).toContain(problem);
  });

  it('in JSON may stand in a code fence, but not be cut', () => {
    const whole =
      '```json\n{"multi_step": false, "summary": "", "domain": [], "platform": "other", "task": "search"}\n```';
    expect(filter.parse(whole, filter.probe, 'json')).toMatchObject({
      ok: true,
      value: { multi_step: false },
    });
    const cut = filter.parse('{"multi_step": true, "summary": "A cle', filter.probe, 'json');
    expect(cut).toEqual({ ok: false, problem: 'the JSON is cut before its end' });
    const cutAfterBracket = filter.parse(
      '{"multi_step": true, "domain": ["health"]',
      filter.probe,
      'json',
    );
    expect(cutAfterBracket).toEqual({ ok: false, problem: 'the JSON is cut before its end' });
  });
});

describe('an extraction answer', () => {
  const text = extract.print({ workflows: [EXAMPLE_WORKFLOW] }, 'tags');

  it('that is cut says so', () => {
    const parsed = extract.parse(text.slice(0, -40), extract.probe, 'tags');
    expect(parsed).toEqual({ ok: false, problem: 'the last <workflow> block has no end' });
  });

  it('may leave the wrapper off its tools and write constraints as one array', () => {
    const bare = text
      .replaceAll('{"type":"function","function":', '')
      .replaceAll('}}},\n', '}},\n')
      .replace('}}}]', '}}]')
      .replaceAll('}]}}', '}]}');
    const parsed = extract.parse(bare, extract.probe, 'tags');
    expect(
      parsed.ok
        ? parsed.value.workflows[0]?.tools.map((tool) => tool.function.name)
        : parsed.problem,
    ).toEqual(['list_free_berths', 'assign_berth']);
  });

  it('without constraints or with a broken one tells which', () => {
    const none = extract.parse(
      text.replace(/<constraints>[\s\S]*<\/constraints>\n/, ''),
      extract.probe,
      'tags',
    );
    expect(!none.ok && none.problem).toContain('<constraints>');
    const broken = extract.parse(
      text.replace('"rule":"A visiting', '"rul":"A visiting'),
      extract.probe,
      'tags',
    );
    expect(!broken.ok && broken.problem).toContain('constraints.0.rule');
  });
});

describe('a judge answer', () => {
  it('with a score that is neither 0 nor 1 is no verdict', () => {
    const text =
      '<reason>Fine.</reason><message></message><argument_values>1</argument_values><capability>0.5</capability><context>1</context>';
    const parsed = judge.parse(text, judge.probe, 'tags');
    expect(!parsed.ok && parsed.problem).toContain('capability');
  });

  it('that names a message which is not there keeps its scores', () => {
    const text =
      '{"reason": "x", "message": 99, "argument_values": 1, "capability": 1, "context": 1}';
    expect(judge.parse(text, judge.probe, 'json')).toMatchObject({
      ok: true,
      value: { message_index: null },
    });
  });
});
