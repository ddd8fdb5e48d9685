import { analysed, type Check } from './check.ts';
import { joinPath, shorten } from './json-path.ts';
import type { Hit, Row } from './row.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const ERROR = { gem: 'error', foreign: 'error' } as const;

/** Whether the tools are definitions that a model and a validator can work with. */
export const TOOL_CHECKS: readonly Check[] = [
  {
    code: 'tool_malformed',
    title: 'A tool is no OpenAI function definition',
    severity: ERROR,
    paper: true,
    explanation:
      'A tool is {"type": "function", "function": {"name", "description", "parameters"}}.',
    fix: 'Wrap the definition so, with a name and a description that are texts.',
    example: '{"name": "find_book", "parameters": {}}',
    find: analysed('tool_malformed'),
  },
  {
    code: 'bad_tool_name',
    title: 'A tool has a name that endpoints refuse',
    severity: ERROR,
    paper: true,
    explanation: 'OpenAI takes names of 1 to 64 letters, digits, underscores and hyphens.',
    fix: 'Rename the tool, and its calls with it.',
    example: '{"name": "find book!"}',
    find: ({ tools }) =>
      tools
        .filter(({ name }) => !NAME.test(name))
        .map((tool) => nameHit(tool, 'does not match ^[a-zA-Z0-9_-]{1,64}$')),
  },
  {
    code: 'duplicate_tool_name',
    title: 'Two tools have the same name',
    severity: ERROR,
    paper: true,
    explanation: 'A call names its tool, so that a name must stand for one definition only.',
    fix: 'Rename one of the tools or merge them.',
    example: '[{"name": "find_book"}, {"name": "find_book"}]',
    find: ({ tools, toolsByName }) =>
      tools
        .filter((tool) => toolsByName.get(tool.name) !== tool)
        .map((tool) => nameHit(tool, `is that of tools[${toolsByName.get(tool.name)?.index}] too`)),
  },
  {
    code: 'tool_schema_invalid',
    title: 'The parameters are no valid JSON Schema of an object',
    severity: ERROR,
    paper: true,
    explanation:
      'Parameters are a JSON Schema with "type": "object", valid by its meta-schema: the one that $schema names, else draft 2020-12 or draft-07.',
    fix: 'Mend the schema at the path; types are string, number, integer, boolean, object, array and null.',
    example: '{"type": "object", "properties": {"size": {"type": "float"}}}',
    find: analysed('tool_schema_invalid'),
  },
  {
    code: 'tool_schema_refused',
    title: 'The parameters cannot be used safely',
    severity: { gem: 'error', foreign: 'warning' },
    paper: true,
    explanation:
      'The schema refers to what is outside of it or missing, refers to itself without end, names an unknown dialect, or is too big. Nothing is ever fetched, and calls of the tool are not validated.',
    fix: 'Write what is referred to into the schema ($defs) and keep it small.',
    example: '{"$ref": "https://schemas.test/size.json"}',
    find: analysed('tool_schema_refused'),
  },
  {
    code: 'required_unknown_property',
    title: 'A required name is not among the properties',
    severity: ERROR,
    paper: true,
    explanation: 'What is required must be described, at every depth of the schema.',
    fix: 'Add the property, or take its name out of required.',
    example: '{"type": "object", "properties": {"size": {}}, "required": ["sizes"]}',
    find: analysed('required_unknown_property'),
  },
  {
    code: 'tool_no_description',
    title: 'A tool has no description',
    severity: { gem: 'warning', foreign: 'note' },
    paper: false,
    explanation: 'A model that has only the name must guess what the tool is for.',
    fix: 'Say in a sentence what the tool does.',
    example: '{"name": "find_book", "parameters": {"type": "object"}}',
    find: ({ tools }) =>
      tools
        .filter(({ description }) => description.trim() === '')
        .map(({ index, name }) => ({
          message_index: null,
          path: `${joinPath('tools', index)}.function`,
          text: `the tool ${shorten(name, 64)} has no description`,
        })),
  },
];

function nameHit({ index, name }: Row['tools'][number], what: string): Hit {
  return {
    message_index: null,
    path: `${joinPath('tools', index)}.function.name`,
    text: `the name ${JSON.stringify(shorten(name))} ${what}`,
  };
}
