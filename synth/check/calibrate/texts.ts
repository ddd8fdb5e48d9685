import type { Random } from '../../offline/seed.ts';
import { choose } from './choose.ts';
import { messagesOf, statementsOf, withContent } from './edit.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

/** What is put into an assistant's text, and the code that should tell. */
const LEFTOVERS: readonly { name: string; codes: string[]; texts: readonly string[] }[] = [
  {
    name: 'leftover markup',
    codes: ['markup_in_content'],
    texts: [
      '<|im_end|>',
      '</tool_call>',
      '<tool_response>',
      '[/INST]',
      '<|eot_id|>',
      '<end_of_turn>',
    ],
  },
  {
    name: 'think block',
    codes: ['markup_in_content'],
    texts: ['<think>The user wants an answer.</think>', '</think>'],
  },
  {
    name: 'tag of the tagged format',
    codes: ['role_tag_in_content'],
    texts: ['</assistant>', '</user>', '\n<user>\nThank you.', '</toolsets>'],
  },
  {
    name: 'call written as text',
    codes: ['call_as_text'],
    texts: [
      '{"name": "find_item", "arguments": {"item": "desk"}}',
      '```json\n{ "name": "renew", "parameters": {} }\n```',
    ],
  },
  {
    name: 'words of a prompt',
    codes: ['prompt_leak'],
    texts: ['\n# How to answer\nWrite the conversation.', ' As the given passage says.'],
  },
  {
    name: 'placeholder',
    codes: ['placeholder'],
    texts: [
      ' ["one", "... 12 more results"]',
      ' Lorem ipsum dolor sit amet.',
      ' Use your_api_key_here.',
      ' See https://example.com/orders.',
      ' It is in /path/to/file.txt.',
      ' Dear [Customer Name], welcome.',
      ' <insert date here>',
    ],
  },
  {
    name: 'broken characters',
    codes: ['invalid_unicode'],
    texts: ['\ud83d', '\u0000', '\udc00 yes', '\u0007'],
  },
  {
    name: 'tag cut off',
    codes: ['content_cut'],
    texts: [' <tool_call', ' <func', ' </assistant', ' <think'],
  },
];

/** Faults in texts. */
export const TEXT_MUTATIONS: readonly Mutation[] = [
  ...LEFTOVERS.map(({ name, codes, texts }): Mutation => {
    const mutate = (row: CleanRow, random: Random) => appended(row, random, random.pick(texts));
    return { name, family: 'structure', codes, mutate };
  }),
  {
    name: 'result cut off',
    family: 'structure',
    codes: ['content_cut', 'tool_result_not_json'],
    mutate: (row, random) =>
      choose(longResults(row), random, ({ index, text }) =>
        withContent(row, index, text.slice(0, random.int(12, text.length - 1))),
      ),
  },
  {
    name: 'another language',
    family: 'structure',
    codes: ['language_mismatch'],
    mutate: (row, random) =>
      choose(statementsOf(row), random, ({ index }) =>
        withContent(row, index, random.pick(OTHER_LANGUAGES)),
      ),
  },
];

const OTHER_LANGUAGES: readonly string[] = [
  'Ich habe Ihre Bestellung gefunden, aber sie ist noch nicht auf dem Weg. Möchten Sie, dass ich sie für Sie ändere?',
  'Votre commande est en route et vous la recevrez dans deux jours, mais je ne peux pas la changer avec les informations que vous avez données.',
  'Su pedido está en camino y llegará en dos días, pero no puedo cambiarlo con los datos que usted me ha dado.',
  'ご注文は発送されました。お届けまで二日ほどかかりますので、もう少しお待ちください。変更はできません。',
];

function appended(row: CleanRow, random: Random, text: string): CorruptedRow | null {
  return choose(statementsOf(row), random, (said) =>
    withContent(row, said.index, `${said.text}${text}`),
  );
}

function longResults(row: CleanRow): { index: number; text: string }[] {
  return messagesOf(row, 'tool')
    .map(({ index, message }) => ({ index, text: message.content }))
    .filter(({ text }) => /^\s*[{[]\s*["{[]/.test(text) && text.length > 20);
}
