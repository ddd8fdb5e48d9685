import { Template } from '@huggingface/jinja';
import type { Conversation, Message } from '../conversation.ts';
import {
  markGeneration,
  markVariables,
  type Span,
  splitMarks,
  unusedMarks,
} from './chat-template-marks.ts';
import { pythonNumbers } from './chat-template-numbers.ts';
import { STRIP_VARIABLES, usePythonStrips } from './chat-template-strip.ts';
import { chatmlSpans, withoutChatml } from './chat-template-turns.ts';

/** A conversation as a model reads it. */
export interface RenderedChat {
  text: string;
  /** Where the loss falls when only assistants are trained, in order; null where the template does not tell. */
  trained: Span[] | null;
}

/** A chat template in Jinja, with transformers' own for conversations with tools where it has two. */
export interface TemplateSource {
  plain: string;
  forTools: string;
}

/** A tokenizer's chat template. */
export class ChatTemplate {
  readonly #plain: CompiledTemplate;
  readonly #forTools: CompiledTemplate;
  readonly #variables: Record<string, string>;

  /** `variables` are bos_token and its like. Throws what the Jinja library does for a template it cannot parse. */
  constructor({ plain, forTools }: TemplateSource, variables: Record<string, string> = {}) {
    this.#plain = compileTemplate(plain);
    this.#forTools = forTools === plain ? this.#plain : compileTemplate(forTools);
    this.#variables = variables;
  }

  /** Whether `render` tells the trained spans of ordinary conversations. */
  get tellsTrained(): boolean {
    try {
      return this.render({ messages: PROBE, tools: [] }).trained !== null;
    } catch {
      return false;
    }
  }

  /**
   * The text that transformers' apply_chat_template gives, and its trained spans: what stands between
   * `{% generation %}` tags, or in a ChatML template each assistant turn behind its header, `<|im_end|>` included.
   * Arguments are given as the strings they are. Throws what the template raises.
   */
  render(conversation: Conversation): RenderedChat {
    const compiled = conversation.tools.length === 0 ? this.#plain : this.#forTools;
    const draw = (given: Conversation, marks?: Record<string, string>) =>
      drawn(compiled, given, { ...this.#variables, ...marks });
    if (compiled.hasGeneration) {
      const marks = unusedMarks(JSON.stringify(conversation));
      return splitMarks(draw(conversation, markVariables(marks)), marks);
    }
    const text = draw(conversation);
    const plain = withoutChatml(conversation);
    const skeleton = plain === null ? text : draw(plain);
    const turns = conversation.messages.filter(({ role }) => role === 'assistant').length;
    return { text, trained: skeleton.length === text.length ? chatmlSpans(skeleton, turns) : null };
  }
}

const PROBE: Message[] = [
  { role: 'user', content: 'probe' },
  { role: 'assistant', content: 'probe' },
];

interface CompiledTemplate {
  template: Template;
  hasGeneration: boolean;
  /** What null content is given as: templates that take it for a text fail on null. */
  nullContent: null | '';
}

function compileTemplate(source: string): CompiledTemplate {
  const marked = markGeneration(source);
  const template = new Template(marked);
  usePythonStrips(template.parsed);
  return { template, hasGeneration: marked !== source, nullContent: nullContentOf(template) };
}

function nullContentOf(template: Template): null | '' {
  const call = { id: 'call_1', type: 'function', function: { name: 'probe', arguments: '{}' } };
  const messages = [
    { role: 'user', content: 'probe' },
    { role: 'assistant', content: null, tool_calls: [call] },
  ];
  try {
    template.render({
      ...STRIP_VARIABLES,
      messages,
      tools: null,
      add_generation_prompt: false,
    });
    return null;
  } catch {
    return '';
  }
}

function drawn(
  { template, nullContent }: CompiledTemplate,
  { messages, tools }: Conversation,
  variables: Record<string, string>,
): string {
  const { value, restore } = pythonNumbers(tools);
  const text = template.render({
    ...STRIP_VARIABLES,
    ...variables,
    messages: messages.map((message) => ({ ...message, content: message.content ?? nullContent })),
    tools: tools.length === 0 ? null : value,
    add_generation_prompt: false,
  });
  return restore(text);
}
