import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ToolDefinition } from '../../../core/conversation.ts';
import { createDecontaminator } from '../../../distill/decontaminate/decontaminator.ts';
import type { Subject } from '../../../distill/decontaminate/hit.ts';
import { DecontaminationRules } from '../../../distill/decontaminate/rules.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const SCENARIO =
  'You rent two canoes for Saturday under the booking KX7RT2Q and want to add a third one, but only when the lake stays open until nine in the evening.';
const DESCRIPTION = 'Adds a boat to a booking that is not yet paid for.';

const FIELDS = [
  { id: 'lake/0', kind: 'scenario', text: SCENARIO },
  { id: 'lake/1', kind: 'user_message', text: 'Show me my boats.' },
  { id: 'lake/0', kind: 'identifier', text: 'ada_berg_7316' },
  { id: 'lake/0', kind: 'identifier', text: '2024-05-15' },
  ...['add_boat', 'list_boats', 'get_lake_hours', 'payDeposit', 'cancel_rental', 'search'].map(
    (text) => ({ id: 'lake/tool', kind: 'tool_name', text }),
  ),
  { id: 'lake/tool/add_boat', kind: 'tool_description', text: DESCRIPTION },
  {
    id: 'lake/tool/list_boats',
    kind: 'tool_description',
    text: 'Lists all boats that are free on a day.',
  },
];

const rules = DecontaminationRules.parse({});

async function benchmarkFile(rows: readonly unknown[]): Promise<string> {
  const path = join(await temporaryFolder(), 'lake.jsonl');
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

async function hitsOf(row: Partial<Subject>, benchmark: readonly unknown[] = FIELDS) {
  const { hits } = await createDecontaminator([await benchmarkFile(benchmark)], rules);
  return hits({ messages: [], tools: [], ...row });
}

function says(content: string): Pick<Subject, 'messages'> {
  return { messages: [{ role: 'user', content }] };
}

function tool(name: string, description = ''): ToolDefinition {
  return { type: 'function', function: { name, description } };
}

describe('a row', () => {
  it('without anything of the benchmark has no hits', async () => {
    const row = { ...says('Please water the tomatoes at six.'), tools: [tool('water_plants')] };
    expect(await hitsOf(row)).toEqual([]);
  });

  it('with thirteen of its words in a row is dropped', async () => {
    const words = SCENARIO.split(' ');
    const hits = await hitsOf(says(`So: ${words.slice(10, 23).join(' ').toUpperCase()}!`));
    expect(hits).toContainEqual({
      benchmark: expect.stringContaining('lake.jsonl'),
      item: 'lake/0',
      items: 1,
      kind: 'ngram13',
      value: 13,
      drop: true,
      where: 'messages[0]',
      example: 'and want to add a third one but only when the lake stays',
    });
  });

  it('with twelve of them is listed, not dropped', async () => {
    const hits = await hitsOf(says(SCENARIO.split(' ').slice(11, 23).join(' ')));
    expect(hits).toMatchObject([{ kind: 'ngram8_share', drop: false }]);
  });

  it('with half of an item in short pieces is dropped', async () => {
    const words = SCENARIO.split(' ');
    const pieces = [words.slice(0, 12), words.slice(6, 17), words.slice(14, 25)];
    const spoken = pieces.map((piece) => piece.join(' '));
    const messages = spoken.map((content) => ({ role: 'user' as const, content }));
    const hits = await hitsOf({ messages });
    expect(hits.find(({ kind }) => kind === 'ngram8_share')).toMatchObject({
      drop: true,
      item: 'lake/0',
    });
    expect(hits.filter(({ kind }) => kind === 'ngram13')).toEqual([]);
  });

  it('made from a passage that is the benchmark is dropped', async () => {
    const hits = await hitsOf({ source: { text: `Lake rules. ${SCENARIO}` } });
    expect(hits.find(({ kind }) => kind === 'ngram13')).toMatchObject({
      drop: true,
      where: 'source',
    });
  });

  it('with an identifier of its data is dropped, whether it was named or stood in a text', async () => {
    for (const id of ['ada_berg_7316', 'KX7RT2Q']) {
      const call = {
        id: 'c1',
        type: 'function' as const,
        function: { name: 'find', arguments: `{"id":"${id}"}` },
      };
      const hits = await hitsOf({
        messages: [{ role: 'assistant', content: null, tool_calls: [call] }],
      });
      expect(hits).toMatchObject([{ kind: 'identifiers', drop: true, example: id.toLowerCase() }]);
    }
  });

  it('is read across line ends in the arguments of a call', async () => {
    const text = SCENARIO.split(' ').slice(0, 13).join('\n');
    const call = {
      id: 'c1',
      type: 'function' as const,
      function: { name: 'note', arguments: JSON.stringify({ text }) },
    };
    const hits = await hitsOf({
      messages: [{ role: 'assistant', content: null, tool_calls: [call] }],
    });
    expect(hits).toContainEqual(expect.objectContaining({ kind: 'ngram13', value: 13 }));
  });

  it('with a date of its data has no hit', async () => {
    expect(await hitsOf(says('On 2024-05-15 at noon.'))).toEqual([]);
  });

  it('with five of its tool names that are half of its tools is dropped', async () => {
    const names = ['addBoat', 'list_boats', 'get_lake_hours', 'pay_deposit', 'cancel_rental'];
    const other = ['plant_tree', 'cut_grass', 'feed_birds', 'open_gate', 'close_gate'];
    const hits = await hitsOf({ tools: [...names, ...other].map((name) => tool(name)) });
    expect(hits).toMatchObject([{ kind: 'tools', drop: true, value: 0.5, item: 'lake/tool' }]);
    const fewer = await hitsOf({
      tools: [...names, ...other, 'ring_bell'].map((name) => tool(name)),
    });
    expect(fewer).toMatchObject([{ kind: 'tools', drop: false }]);
  });

  it('with a tool described in the same words is listed, with two dropped', async () => {
    const one = tool('addBoat', 'adds a boat to a booking, that is not yet paid for');
    const two = tool('list_boats', 'Lists all boats that are free on a day');
    const others = [tool('ring_bell'), tool('open_gate'), tool('close_gate')];
    expect(await hitsOf({ tools: [one, ...others] })).toMatchObject([{ drop: false }]);
    expect(await hitsOf({ tools: [one, two, ...others] })).toMatchObject([
      { kind: 'tools', drop: true, value: 0.4, example: 'addBoat, list_boats' },
    ]);
  });

  it('with names that anybody gives has no hit', async () => {
    expect(await hitsOf({ tools: [tool('search'), tool('cancel_rental')] })).toEqual([]);
  });
});

describe('a benchmark', () => {
  it('may be plain texts', async () => {
    const hits = await hitsOf(says(SCENARIO), [{ text: SCENARIO }]);
    expect(hits.map(({ kind }) => kind)).toEqual(['ngram13', 'ngram8_share', 'identifiers']);
    expect(hits[0]?.item).toBe('lake.jsonl:1');
  });

  it("may be tasks in OpenAI's form", async () => {
    const call = {
      id: 'c',
      type: 'function',
      function: { name: 'x', arguments: '{"to":"eve_lund_5830"}' },
    };
    const messages = [
      { role: 'user', content: SCENARIO },
      { role: 'assistant', content: null, tool_calls: [call] },
    ];
    const task = { id: 'task-1', messages, tools: [tool('add_boat', DESCRIPTION)] };
    const row = { ...says(`${SCENARIO} For eve_lund_5830.`), tools: task.tools };
    const hits = await hitsOf(row, [task]);
    expect(hits.map(({ kind }) => kind)).toEqual([
      'ngram13',
      'ngram8_share',
      'tools',
      'identifiers',
    ]);
    expect(hits[0]?.item).toBe('task-1/messages[0]');
    expect(hits[3]?.example).toBe('kx7rt2q, eve_lund_5830');
  });

  it('is held apart from others', async () => {
    const other = await benchmarkFile([{ text: 'Nothing of this is in the row, not one word.' }]);
    const own = await benchmarkFile(FIELDS);
    const { hits } = await createDecontaminator([other, own], rules);
    const found = hits({ ...says(SCENARIO), tools: [] });
    expect(new Set(found.map(({ benchmark }) => benchmark))).toEqual(new Set([own]));
    expect(found.find(({ kind }) => kind === 'ngram13')?.item).toBe('lake/0');
  });

  it.each([
    [[{ id: 'a', kind: 'tool_nam', text: 'x' }], /lake\.jsonl:1: .*tool_name.*"tool_nam"/],
    [[{ text: 'fine' }, { question: 'x' }], /lake\.jsonl:2: .*\{"question":"x"\}/],
    [[], /no rows/],
  ])('that is none is refused with its line', async (rows, message) => {
    await expect(hitsOf({}, rows)).rejects.toThrow(message);
  });

  it('of no such name is refused with those there are', async () => {
    await expect(createDecontaminator(['bfcl', 'tau3'], rules)).rejects.toThrow(
      'there is no benchmark "tau3"; give bfcl, tau2, or a file',
    );
  });

  it('named twice is refused', async () => {
    await expect(createDecontaminator(['bfcl', 'bfcl'], rules)).rejects.toThrow(/named twice/);
  });

  it('whose file of hashes is none is refused', async () => {
    const path = join(await temporaryFolder(), 'broken.json.gz');
    await writeFile(path, 'not compressed');
    await expect(createDecontaminator([path], rules)).rejects.toThrow(/holds no hashes/);
  });
});

// Tool sets as anyone would name them for these trades.
const ORDINARY = {
  airline:
    'search_flights book_flight cancel_booking get_booking_details check_in_passenger get_flight_status send_message list_all_airports',
  shop: 'search_products get_order_details cancel_order track_package start_return get_user_details update_address',
  files: 'find search copy move sort echo list_files read_file write_file',
  phone: 'get_data_usage reset_router run_speed_test check_balance open_ticket',
  car: 'start_engine lock_doors check_tire_pressure find_charging_station set_navigation play_music',
};

describe('ordinary tool sets', () => {
  it.each(Object.entries(ORDINARY))(
    'of a trade (%s) are not dropped for bfcl or tau2',
    async (_, names) => {
      const { hits } = await createDecontaminator(['bfcl', 'tau2'], rules);
      const found = hits({ messages: [], tools: names.split(' ').map((name) => tool(name)) });
      expect(found.filter(({ drop }) => drop)).toEqual([]);
    },
  );
});
