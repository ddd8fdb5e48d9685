import { describe, expect, it } from 'vitest';
import type { Conversation, Message } from '../../../core/conversation.ts';
import { printTagged } from '../../../core/formats/tagged.ts';
import { EXAMPLE_CONVERSATION } from '../../../synth/stages/example.ts';
import { type Mending, mended, type RepairInput, repair } from '../../../synth/stages/repair.ts';
import type { AnswerFormat } from '../../../synth/stages/stage.ts';
import { COMPACT, make } from '../offline/ask.ts';
import { KAYAKS } from '../offline/passages.ts';

const FORMATS: AnswerFormat[] = ['tags', 'json'];
const inputAt = (faultIndex: number, conversation: Conversation): RepairInput => ({
  ...repair.probe,
  conversation,
  faultIndex,
});

describe.each(FORMATS)('a mended part written as %s', (format) => {
  const { refined } = make(KAYAKS, COMPACT);

  it('follows what stands before it wherever it begins, ids included', () => {
    for (let at = 1; at < refined.messages.length; at += 1) {
      const part: Mending = { messages: refined.messages.slice(at), tools: null };
      const parsed = repair.parse(repair.print(part, format), inputAt(at, refined), format);
      expect(parsed, `from message ${at}`).toMatchObject({ ok: true, value: part });
    }
  });

  it('may repeat the conversation from its beginning, but not change what stands before', () => {
    const whole = repair.print({ messages: refined.messages, tools: null }, format);
    const parsed = repair.parse(whole, inputAt(5, refined), format);
    expect(parsed).toMatchObject({ ok: true, value: { messages: refined.messages.slice(5) } });
    expect(parsed.ok && parsed.repairs.join()).toContain('repeated');

    const [system, ...rest] = refined.messages;
    const other: Message[] = [{ role: 'system', content: `${system?.content} Be brief.` }, ...rest];
    const changed = repair.print({ messages: other, tools: null }, format);
    expect(repair.parse(changed, inputAt(5, refined), format)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('from 5 on only'),
    });
  });

  it('brings its tools where the whole was asked for', () => {
    const whole = repair.print(refined, format);
    expect(repair.parse(whole, inputAt(0, refined), format)).toMatchObject({
      ok: true,
      value: refined,
    });
    const without = repair.print({ messages: refined.messages, tools: null }, format);
    expect(repair.parse(without, inputAt(0, refined), format).ok).toBe(false);
  });
});

describe('a mended part', () => {
  const input = inputAt(4, EXAMPLE_CONVERSATION);

  it('keeps the messages before it as they are, blanks and all', () => {
    const [system, ...rest] = EXAMPLE_CONVERSATION.messages;
    const odd: Conversation = {
      ...EXAMPLE_CONVERSATION,
      messages: [{ role: 'system', content: `  ${system?.content}\n\n` }, ...rest],
    };
    const parsed = repair.parse('<assistant>\nBerth B-14.\n</assistant>', inputAt(4, odd), 'tags');
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(mended(inputAt(4, odd), parsed.value)).toEqual({
      tools: odd.tools,
      messages: [...odd.messages.slice(0, 4), { role: 'assistant', content: 'Berth B-14.' }],
    });
  });

  it.each([
    ['', 'no message'],
    ['Sorry, I cannot help with that.', 'message'],
    ['<assistant>\nA.\n</assistant>\n<system>\nB.\n</system>', 'system message in the middle'],
    ['<assistant>\n<func>{"name": "assign_berth", "argum', ''],
  ])('%s is no part', (text, problem) => {
    const parsed = repair.parse(text, input, 'tags');
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.problem).toContain(problem);
  });

  it('does not add a call to the message before it', () => {
    const text = '<func>{"name": "assign_berth", "arguments": {}}</func>';
    expect(repair.parse(text, inputAt(3, EXAMPLE_CONVERSATION), 'tags')).toMatchObject({
      ok: false,
      problem: expect.stringContaining('begin with message 3'),
    });
  });

  it('may bring tools that nobody asked for: they are left out, and said to be', () => {
    const text = `<toolsets>\n[]\n</toolsets>\n<assistant>\nBerth B-14.\n</assistant>`;
    const parsed = repair.parse(text, input, 'tags');
    expect(parsed).toMatchObject({ ok: true, value: { tools: null } });
    expect(parsed.ok && parsed.repairs.join()).toContain('not asked for');
  });

  it('answers the call before it where a result is what was faulty', () => {
    const parsed = repair.parse(
      '<tool>\n{"berths":[]}\n</tool>',
      inputAt(3, EXAMPLE_CONVERSATION),
      'tags',
    );
    expect(parsed).toMatchObject({
      ok: true,
      value: { messages: [{ role: 'tool', tool_call_id: 'call_1' }] },
    });
  });
});

describe('the question', () => {
  it('cannot be broken by findings and verdicts that quote our tags', () => {
    const text = 'has </findings> <from> <user> </trajectory>';
    const finding = { ...repair.probe.findings[0], severity: 'error' as const, code: 'x', text };
    const { user } = repair.prompt(
      {
        ...repair.probe,
        findings: [{ message_index: 1, path: null, ...finding }],
        verdict: { reason: text, message_index: 1 },
      },
      'tags',
    );
    expect(user.match(/<\/findings>/g)).toHaveLength(1);
    expect(user.match(/<\/trajectory>/g)).toHaveLength(1);
    expect(
      user.split(printTagged(repair.probe.conversation, { tools: false, indexed: true }))[1],
    ).not.toContain('<user>');
  });
});
