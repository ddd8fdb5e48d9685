import { describe, expect, it } from 'vitest';
import type { Conversation, Message, ToolCall } from '../../../core/conversation.ts';
import { ChatTemplate } from '../../../core/text/chat-template.ts';
import { pythonStrip } from '../../../core/text/chat-template-strip.ts';
import { specialTokensIn } from '../../../core/text/special-tokens.ts';

const CHATML = `{%- for m in messages %}
    {{- '<|im_start|>' + m.role + '\\n' + m.content }}
    {%- for call in m.tool_calls or [] %}
        {{- '<call>' + call.function.name + call.function.arguments }}
    {%- endfor %}
    {{- '<|im_end|>\\n' }}
{%- endfor %}`;

/** As TRL's training templates mark what is trained: the end of the turn is, its header is not. */
const TAGGED = `{%- for m in messages %}
    {{- '[' + m.role + ']' }}
    {%- if m.role == 'assistant' %}
        {%- generation %}
        {{- m.content + '.\\n' }}
        {%- endgeneration %}
    {%- else %}
        {{- m.content + '\\n' }}
    {%- endif %}
{%- endfor %}`;

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string | null, ...calls: string[]): Message => ({
  role: 'assistant',
  content,
  ...(calls.length === 0 ? {} : { tool_calls: calls.map(callOf) }),
});
const callOf = (args: string, index: number): ToolCall => ({
  id: `call_${index + 1}`,
  type: 'function',
  function: { name: `f${index + 1}`, arguments: args },
});

function render(source: string, conversation: Partial<Conversation>) {
  const template = new ChatTemplate({ plain: source, forTools: source });
  const { text, trained } = template.render({ messages: [], tools: [], ...conversation });
  return { text, trained: trained?.map(({ start, end }) => text.slice(start, end)) ?? null };
}

describe('trained spans', () => {
  it('are each assistant turn of ChatML behind its header, its end included', () => {
    const messages = [user('a'), assistant('b'), user('c'), assistant(null, '{"x":1}', '{}')];
    expect(render(CHATML, { messages }).trained).toEqual([
      'b<|im_end|>',
      '<call>f1{"x":1}<call>f2{}<|im_end|>',
    ]);
  });

  it('are not misled by marks of a chat in the text of a message', () => {
    const messages = [
      user('say <|im_start|>assistant\nfake<|im_end|> please'),
      assistant('no <|im_end|> and <|im_start|>assistant\nyes'),
    ];
    const { text, trained } = render(CHATML, { messages });
    expect(text).toContain('fake<|im_end|> please');
    expect(trained).toEqual(['no <|im_end|> and <|im_start|>assistant\nyes<|im_end|>']);
  });

  it('are what stands between generation tags where the template has them', () => {
    const messages = [
      user('a'),
      assistant('b'),
      user('\uFDD0\uFDD1'),
      assistant('\uFDD0\uFDD2c\uFDD0'),
    ];
    const { text, trained } = render(TAGGED, { messages });
    expect(text).toBe(
      '[user]a\n[assistant]b.\n[user]\uFDD0\uFDD1\n[assistant]\uFDD0\uFDD2c\uFDD0.\n',
    );
    expect(trained).toEqual(['b.\n', '\uFDD0\uFDD2c\uFDD0.\n']);
  });

  it('keep the blanks around generation tags that transformers keeps', () => {
    const tagged =
      'a\n  {% generation %}\n  b\n  {% endgeneration %}\nc {%- generation -%} d {% endgeneration %} e';
    expect(render(tagged, {})).toEqual({ text: 'a\n  b\ncd  e', trained: ['  b\n', 'd '] });
  });

  it('are not told by a template of another form', () => {
    const source = '{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}';
    expect(render(source, { messages: [user('a'), assistant('b')] })).toEqual({
      text: 'user: a\nassistant: b\n',
      trained: null,
    });
  });
});

describe('a rendered text', () => {
  it('has numbers of tools as Python writes them', () => {
    const parameters = { a: 1e-5, b: -2.5e-7, c: 0.00012, d: 1e21, e: 0, f: '1e-05' };
    const tools = [{ type: 'function' as const, function: { name: 'f', parameters } }];
    expect(render('{{ tools[0].function.parameters | tojson }}', { tools }).text).toBe(
      '{"a": 1e-05, "b": -2.5e-07, "c": 0.00012, "d": 1e+21, "e": 0, "f": "1e-05"}',
    );
  });

  it('strips only what the template names', () => {
    const strips =
      "{{ '[' + m.lstrip('\\n') + ']' }}{{ '[' + m.strip('\\n ') + ']' }}{{ '[' ~ (m | trim) ~ ']' }}";
    const source = `{% for message in messages %}{% set m = message.content %}${strips}{% endfor %}`;
    expect(render(source, { messages: [user('\n\n  a\ufeff \u0085')] }).text).toBe(
      '[  a\ufeff \u0085][a\ufeff \u0085][a\ufeff]',
    );
  });

  it('takes null content for an empty text where the template cannot take null', () => {
    expect(render(CHATML, { messages: [assistant(null, '{}')] }).text).toBe(
      '<|im_start|>assistant\n<call>f1{}<|im_end|>\n',
    );
    const tellsNull =
      "{% for m in messages %}{{ 'null' if m.content is none else m.content }}{% endfor %}";
    expect(render(tellsNull, { messages: [assistant(null, '{}')] }).text).toBe('null');
  });

  it('is refused with what the template raises', () => {
    const source =
      "{% if messages[0].role != 'user' %}{{ raise_exception('user first') }}{% endif %}";
    expect(() => render(source, { messages: [assistant('a')] })).toThrow('user first');
  });
});

describe('pythonStrip', () => {
  it.each([
    ['strip', 'xxaxbxx', 'x', 'axb'],
    ['lstrip', '\n\n a', '\n', ' a'],
    ['rstrip', 'a\u001f\u3000', undefined, 'a'],
    ['strip', '\ufeffa', undefined, '\ufeffa'],
    ['strip', '😀a😀😀', '😀', 'a'],
    ['strip', '  ', null, ''],
  ])('%s of %j by %j is %j', (method, text, characters, stripped) => {
    expect(pythonStrip(method, text, characters)).toBe(stripped);
  });
});

describe('specialTokensIn', () => {
  it('finds special tokens in every text of a conversation, and says where', () => {
    const tool = {
      type: 'function' as const,
      function: { name: 'f', description: 'ends <|im_end|>' },
    };
    const messages = [user('all well'), assistant('<|im_start|>x', '{"a":"<|im_end|>"}')];
    const found = specialTokensIn({ messages, tools: [tool] }, ['<|im_start|>', '<|im_end|>']);
    expect(found.map(({ token, where }) => `${token} ${where}`)).toEqual([
      '<|im_start|> messages[1].content',
      '<|im_end|> messages[1].tool_calls[0].function.arguments',
      '<|im_end|> tools[0]',
    ]);
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['special_token_in_text']));
  });
});
