import { describe, expect, it } from 'vitest';
import { languageKey, looksLike } from '../../../synth/check/language.ts';
import { PROMPT_MARKS } from '../../../synth/check/markup.ts';
import { checkConversation } from '../../../synth/check/run-checks.ts';
import { generate } from '../../../synth/stages/generate.ts';
import { judge } from '../../../synth/stages/judge.ts';
import { refine } from '../../../synth/stages/refine.ts';
import { call, clean, closing, result, row, system, user } from './cases.ts';
import { STATE_CASES } from './state-cases.ts';

function codesOf(content: string, profile: 'gem' | 'foreign' = 'gem'): string[] {
  const conversation = row(system, user, call, result, { ...closing, content });
  return checkConversation({ conversation, refined: true, profile, language: null })
    .map(({ code }) => code)
    .filter((code) => !Object.hasOwn(STATE_CASES, code));
}

describe('leftovers', () => {
  it.each([
    ['<|im_start|>assistant', 'markup_in_content'],
    ['Fine.</tool_call>', 'markup_in_content'],
    ['[INST] Renew it. [/INST]', 'markup_in_content'],
    ['<func>{"name": "renew_loan"}</func>', 'role_tag_in_content'],
    ['Done.\n  <tool>\n{}', 'role_tag_in_content'],
    ['As the given passage says, loans run four weeks.', 'prompt_leak'],
    ['Lorem ipsum dolor.', 'placeholder'],
    ['Use your_id_here to log in.', 'placeholder'],
    ['See https://example.com/loans.', 'placeholder'],
    ['Dear [Customer Name], it is renewed.', 'placeholder'],
    ['Write to <insert your address>.', 'placeholder'],
    ['It is renewed.</assist', ''],
    ['It is renewed.</assistant', 'content_cut'],
  ])('in %j are told as %s', (content, code) => {
    expect(codesOf(content)).toEqual(code === '' ? [] : [code]);
  });

  it.each([
    'Write to ada@example.com; 2 < 3 and 4 > 1; see section [3].',
    'There are 5 more results; shall I read them out?',
    'The tag is written <b>bold</b>, and the user <ada@desk.org> has it.',
    'Hm ... more on this tomorrow.',
  ])('are not seen in %j', (content) => {
    expect(codesOf(content)).toEqual([]);
  });

  it('are looked for in system messages of our own rows only', () => {
    const conversation = {
      ...clean,
      messages: [
        { ...system, content: 'Write <tool_call>{}</tool_call>.' },
        user,
        call,
        result,
        closing,
      ],
    };
    const found = (profile: 'gem' | 'foreign'): number =>
      checkConversation({ conversation, refined: true, profile, language: null }).length;
    expect([found('gem'), found('foreign')]).toEqual([1, 0]);
  });

  it('include the first words of the prompts that conversations are written by', () => {
    const conversation = { messages: [], tools: [] };
    const passage = { id: 'p', sha256: '', text: 'Loans.', title: null, url: null, licence: null };
    const workflow = {
      description: 'd',
      steps: ['s'],
      graph: '',
      example_calls: [],
      constraints: [],
      tools: [],
    };
    const prompts = [
      generate.prompt({ passage, workflow, patterns: [], language: 'English' }, 'tags'),
      refine.prompt({ conversation, workflow, language: 'English' }, 'tags'),
      judge.prompt({ conversation, findings: null }, 'tags'),
    ];
    for (const { system: text, user: input } of prompts) {
      expect(codesOf(text.split('\n')[0] ?? ''), text.slice(0, 60)).toEqual(['prompt_leak']);
      expect(
        PROMPT_MARKS.some((mark) => input.startsWith(mark)),
        input.slice(0, 60),
      ).toBe(true);
    }
  });
});

describe('languages', () => {
  it('are known by English names and by codes', () => {
    expect(['English', 'de', 'pt-BR', 'zh', 'Klingon'].map(languageKey)).toEqual([
      'English',
      'German',
      'Portuguese',
      'Chinese',
      undefined,
    ]);
  });

  it.each([
    [
      'Je voudrais renouveler le prêt de mon livre pour deux semaines, est-ce que vous pouvez le faire ?',
      'French',
    ],
    [
      'Quisiera renovar el préstamo de mi libro por dos semanas, ¿puede usted hacerlo para que no se pase la fecha?',
      'Spanish',
    ],
    [
      '我想把我借的书再续借两个星期，请问您可以帮我办理吗？我的借书证号码是二零四一，谢谢您的帮助。',
      'Chinese',
    ],
    ['Я хотел бы продлить мою книгу ещё на две недели, можете ли вы это сделать?', 'Russian'],
  ] as const)('tell %j from English', (text, language) => {
    expect(looksLike(text, 'English')).toBe(language);
    expect(looksLike(text, language)).toBe(null);
  });

  it('do not take names, ids and short texts for another language', () => {
    for (const text of [
      'Ja, bitte.',
      'El Prado, Los Angeles, San Luis de la Paz, La Serena: which of them is it that you want?',
      'Die Hard, Das Boot and Der Untergang are the films on your list, are they not?',
      '{"titel": "das Buch und die Frau", "nicht": "ist"} LC-2041 LC-2042 LC-2043 LC-2044 LC-2045',
    ]) {
      expect(looksLike(text, 'English'), text).toBe(null);
    }
  });
});
