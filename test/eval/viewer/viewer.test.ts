import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readMarks } from '../../../core/run/marks.ts';
import { startViewer } from '../../../eval/viewer/viewer.ts';
import { sharedFolder, temporaryFolder } from '../../helpers/temporary.ts';
import { hostileRow } from '../run-report/hostile-row.ts';
import {
  finding,
  rejectedByCheck,
  rejectedByJudge,
  trajectory,
  writeRun,
} from '../run-report/run-fixture.ts';
import { viewerOf } from './viewer-page.ts';

beforeAll(async () => {
  process.env.XDG_CACHE_HOME = await sharedFolder();
});

const harbour = () =>
  writeRun({
    accepted: [
      trajectory('a1'),
      trajectory('a2', {
        tags: { platform: 'phone', domains: ['games'], task: 'search', summary: 'A game' },
      }),
    ],
    rejected: [
      rejectedByCheck('c1', finding('unknown_tool'), finding('arg_type', { severity: 'warning' })),
      rejectedByJudge('j1', { context: 0 }, 'Message 4 changes the berth.'),
    ],
    surplus: [trajectory('s1')],
  });

type Listed = { id: string; reasons: string[]; mark: unknown; key: string };
type List = {
  total: number;
  rows: Listed[];
  facets: { name: string; values: { name: string; count: number }[] }[];
};
const idsOf = ({ rows }: List) => rows.map(({ id }) => id);
const countsOf = ({ facets }: List, facet: string) =>
  Object.fromEntries(
    (facets.find(({ name }) => name === facet)?.values ?? []).map(({ name, count }) => [
      name,
      count,
    ]),
  );

describe('the list', () => {
  it('has all rows, filters them, and counts what each choice would leave', async () => {
    const { get } = await viewerOf(await harbour());
    const all = (await get('/api/list?facets=1')) as List;
    expect(idsOf(all)).toEqual(['a1', 'a2', 'c1', 'j1', 's1']);
    expect(all.rows.map(({ reasons }) => reasons)).toEqual([
      [],
      [],
      ['check'],
      ['judge: context'],
      [],
    ]);
    const rejected = (await get('/api/list?facets=1&status=rejected')) as List;
    expect(idsOf(rejected)).toEqual(['c1', 'j1']);
    expect(countsOf(rejected, 'status')).toEqual({ accepted: 2, rejected: 2, surplus: 1 });
    expect(countsOf(rejected, 'code')).toEqual({ unknown_tool: 1, arg_type: 1 });
    expect(countsOf(rejected, 'domain')).toEqual({ travel_and_transportation: 2 });
    const both = (await get('/api/list?facets=1&status=rejected&code=arg_type')) as List;
    expect(idsOf(both)).toEqual(['c1']);
    expect(idsOf((await get('/api/list?domain=games')) as List)).toEqual(['a2']);
    expect(idsOf((await get('/api/list?tool=find_berth&from=3&count=1')) as List)).toEqual(['j1']);
    expect(((await get('/api/list?tool=nothing')) as List).total).toBe(0);
  });

  it('is searched as a stream, whatever the case and the escapes', async () => {
    const folder = await writeRun({
      accepted: [
        trajectory('a1', { messages: [{ role: 'user', content: 'Grüße an "Zoë", 東京\nnachts' }] }),
        trajectory('a2'),
      ],
    });
    // Other writers escape what is not ASCII.
    const path = join(folder, 'trajectories.jsonl');
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replace(
        /[^\0-\x7f]/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    );
    const { origin, cookie } = await viewerOf(folder);
    const hits = async (query: string) => {
      const answer = await fetch(`${origin}/api/search?q=${encodeURIComponent(query)}`, {
        headers: { cookie },
      });
      const events = (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(events.at(-1)).toEqual({ end: 'all', looked: 2 });
      return events.flatMap(({ hit }) => (hit === undefined ? [] : [hit]));
    };
    for (const query of ['grüsse', 'GRÜßE', 'an "zoë"', '東京'])
      expect(
        (await hits(query)).map(({ id }) => id),
        query,
      ).toEqual(query === 'grüsse' ? [] : ['a1']);
    const [berth] = await hits('FIND_BERTH');
    expect(berth.snippet).toMatchObject({ found: 'find_berth' });
    expect(await hits('config_fingerprint')).toEqual([]);
  });
});

describe('a row', () => {
  it('shows findings where they are and where each argument was said', async () => {
    const { get } = await viewerOf(
      await writeRun({
        rejected: [
          {
            ...rejectedByCheck('c1', finding('arg_type')),
            messages: [
              { role: 'user', content: 'A berth for 11.5 metres on Friday, please.' },
              {
                role: 'assistant',
                content: null,
                tool_calls: [
                  {
                    id: 'c',
                    type: 'function',
                    function: {
                      name: 'find_berth',
                      arguments: '{"length_m":11.5,"night":"Friday"}',
                    },
                  },
                ],
              },
            ],
            checks: [finding('arg_type', { message_index: 1 })],
          },
        ],
      }),
    );
    const row = (await get('/api/row?key=0.0')) as {
      messages: {
        content: { pieces: { text: string; sources?: number[] }[] };
        calls: { arguments: { pieces: object[] } }[];
      }[];
      groundings: { path: string; kind: string }[];
      passage: { text: { pieces: object[] } };
    };
    expect(row.groundings.map(({ path, kind }) => [path, kind])).toEqual([
      ['length_m', 'number'],
      ['night', 'exact'],
    ]);
    const said = row.messages[0]?.content.pieces.filter(({ sources }) => sources !== undefined);
    expect(said).toEqual([
      { text: expect.stringMatching(/^11\.5/), sources: [0] },
      { text: 'Friday', sources: [1] },
    ]);
    expect(row.messages[1]?.calls[0]?.arguments.pieces).toEqual([
      { text: '{\n  "length_m": ' },
      { text: '11.5', findings: [0], arguments: [0] },
      { text: ',\n  "night": ' },
      { text: '"Friday"', arguments: [1] },
      { text: '\n}' },
    ]);
    expect(row.passage.text.pieces).toContainEqual({ text: 'longer than 14 metres', quotes: [0] });
  });

  it('of the same passage in another run is found, and copied as it stands in its file', async () => {
    const [one, other] = [
      await writeRun({ accepted: [trajectory('a1')] }),
      await writeRun({ accepted: [trajectory('b1')] }),
    ];
    const { get, origin, cookie } = await viewerOf(one, other);
    const row = (await get('/api/row?key=0.0')) as { same_passage: Listed[] };
    expect(row.same_passage.map(({ id, key }) => [id, key])).toEqual([['b1', '1.0']]);
    const raw = await fetch(`${origin}/api/raw?key=1.0`, { headers: { cookie } });
    expect(`${await raw.text()}\n`).toBe(await readFile(join(other, 'trajectories.jsonl'), 'utf8'));
    expect(await get('/api/row?key=1.7')).toEqual({ problem: 'there is no row "1.7"' });
  });

  it('with a message of 5 MB comes in parts, and nothing of it is lost', async () => {
    const { get } = await viewerOf(await writeRun({ accepted: [hostileRow('h1')] }));
    const row = (await get('/api/row?key=0.0')) as {
      messages: { content: { pieces: { text: string }[]; length: number; rest: number } }[];
      untraced: string;
    };
    expect(JSON.stringify(row).length).toBeLessThan(300_000);
    expect(row.untraced).toMatch(/too long/);
    const long = row.messages[3]?.content;
    let text = long?.pieces.map((piece) => piece.text).join('') ?? '';
    for (let rest: number | null = long?.rest ?? null; rest !== null; ) {
      const part = (await get(`/api/text?key=0.0&message=3&from=${rest}`)) as {
        text: string;
        rest: number | null;
      };
      text += part.text;
      rest = part.rest;
    }
    expect(text).toBe(`{"x":"${'<script>'.repeat(600_000)}"}`);
  });

  it('with a long schema of a tool shows the rest of it too', async () => {
    const description = 'quay '.repeat(30_000);
    const parameters = { type: 'object', properties: { berth: { type: 'string', description } } };
    const tool = {
      type: 'function' as const,
      function: { name: 'x', description: '', parameters },
    };
    const { get } = await viewerOf(
      await writeRun({ accepted: [trajectory('t1', { tools: [tool] })] }),
    );
    const row = (await get('/api/row?key=0.0')) as {
      tools: { parameters: { pieces: { text: string }[]; rest: number } }[];
    };
    const shown = row.tools[0]?.parameters;
    const first = shown?.pieces.map(({ text }) => text).join('');
    const more = (await get(`/api/text?key=0.0&part=tool&tool=0&from=${shown?.rest}`)) as {
      text: string;
      rest: number | null;
    };
    expect(more.rest).toBe(null);
    expect(`${first}${more.text}`).toBe(JSON.stringify(parameters));
  });
});

describe('files', () => {
  it('of other formats are read, and what cannot be read is a row that says why', async () => {
    const folder = await temporaryFolder();
    const list = join(folder, 'list.json');
    const turns = [
      { from: 'human', value: 'Is berth B-14 free?' },
      { from: 'gpt', value: 'Yes.' },
    ];
    await writeFile(
      list,
      JSON.stringify([{ id: 'x1', conversations: turns }, { prompt: 1 }], null, 1),
    );
    const lines = join(folder, 'lines.jsonl');
    await writeFile(
      lines,
      '\uFEFF{"messages":[{"role":"user","content":"Hello"}]}\r\n{"messages":\n\n{"messages":[]}',
    );
    const { get } = await viewerOf(list, lines);
    const { rows } = (await get('/api/list')) as {
      rows: { id: string; title: string; reason: string }[];
    };
    expect(rows.map(({ id, title }) => [id, title])).toEqual([
      ['x1', 'Is berth B-14 free?'],
      ['list.json:2', ''],
      ['lines.jsonl:1', 'Hello'],
      ['lines.jsonl:2', ''],
      ['lines.jsonl:3', ''],
    ]);
    expect(rows[1]?.reason).toMatch(/^cannot be read: none of messages/);
    expect(rows[3]?.reason).toMatch(/^cannot be read: no JSON/);
    const row = (await get('/api/row?key=0.0')) as {
      findings: { code: string }[];
      checked_now: boolean;
    };
    expect(row.checked_now).toBe(true);
    expect(row.findings.map(({ code }) => code)).toContain('no_system');
  });

  it('are indexed once: the next viewer goes on where the last one ended, and starts anew after a change', async () => {
    const folder = await harbour();
    const first = await viewerOf(folder);
    await first.close();
    const path = join(folder, 'view-index.bin');
    const { mtimeMs } = await stat(path);
    const again = await viewerOf(folder);
    expect(((await again.get('/api/list')) as List).total).toBe(5);
    expect((await stat(path)).mtimeMs).toBe(mtimeMs);
    await again.close();
    await appendFile(
      join(folder, 'trajectories.jsonl'),
      `${JSON.stringify(trajectory('a3'))}\n{"id":"torn`,
    );
    const grown = await viewerOf(folder);
    expect(idsOf((await grown.get('/api/list')) as List)).toEqual([
      'a1',
      'a2',
      'c1',
      'j1',
      's1',
      'a3',
    ]);
    await grown.close();
    await writeFile(join(folder, 'trajectories.jsonl'), `${JSON.stringify(trajectory('b1'))}\n`);
    expect(idsOf((await (await viewerOf(folder)).get('/api/list')) as List)).toEqual([
      'b1',
      'c1',
      'j1',
      's1',
    ]);
  });
});

describe('marks', () => {
  it('are kept in a file, filter the list, and are there in the next viewer', async () => {
    const folder = await harbour();
    const viewer = await viewerOf(folder);
    const mark = (key: string, verdict: string | null, comment = '') =>
      viewer.post('/api/mark', { key, verdict, comment });
    expect((await mark('0.1', 'reject', 'wrong night')).status).toBe(200);
    await mark('0.3', 'accept');
    await mark('0.4', 'accept');
    await mark('0.4', null);
    // At once: none of them is lost.
    await Promise.all(['0.0', '0.2', '0.0', '0.2'].map((key) => mark(key, 'accept', key)));
    await Promise.all(['0.0', '0.2'].map((key) => mark(key, null)));
    expect((await readFile(join(folder, 'marks.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(
      10,
    );
    expect([...(await readMarks(join(folder, 'marks.jsonl'))).values()]).toMatchObject([
      { id: 'a2', verdict: 'reject', comment: 'wrong night' },
      { id: 'j1', verdict: 'accept' },
    ]);
    await viewer.close();
    const next = await viewerOf(folder);
    const list = (await next.get('/api/list?facets=1&mark=reject')) as List;
    expect(list.rows).toMatchObject([{ id: 'a2', mark: { comment: 'wrong night' } }]);
    expect(countsOf(list, 'mark')).toEqual({ accept: 1, reject: 1, comment: 0, none: 3 });
    const bad = await next.post('/api/mark', { key: '0.1', verdict: 'perhaps', comment: '' });
    expect(bad.status).toBe(400);
  });
});

/** The status of a request with headers that fetch would not send. */
function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('the door', () => {
  it('is closed to those without the token, to other names of the machine, and to other pages', async () => {
    const { origin, cookie, url, post } = await viewerOf(await harbour());
    expect(new URL(url).hostname).toBe('127.0.0.1');
    for (const path of ['/', '/api/list', '/api/raw?key=0.0', '/page/main.js', '/?token=guess']) {
      expect((await fetch(origin + path, { redirect: 'manual' })).status, path).toBe(403);
    }
    const host = new URL(origin).port;
    expect(await statusOf(`${origin}/api/list`, { cookie, host: `127.0.0.1:${host}` })).toBe(200);
    expect(await statusOf(`${origin}/api/list`, { cookie, host: `evil.example:${host}` })).toBe(
      403,
    );
    const mark = { key: '0.0', verdict: 'accept', comment: '' };
    expect((await post('/api/mark', mark, { origin: 'http://127.0.0.1:1' })).status).toBe(403);
    expect((await post('/api/mark', mark, { 'content-type': 'text/plain' })).status).toBe(403);
    for (const path of ['/page/../viewer.ts', '/page/%2e%2e/viewer.ts', '/etc/passwd'])
      expect(await statusOf(origin + path, { cookie }), path).toBe(404);
    const page = await fetch(origin, { headers: { cookie } });
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self';/,
    );
  });
});

describe('bad input', () => {
  it('says what is wrong', async () => {
    const options = { port: 0, format: 'auto' } as const;
    const folder = await writeRun({
      manifest: { state: 'stopped', message: 'the budget is spent' },
    });
    await expect(startViewer([folder], options)).rejects.toThrow(
      /nothing to view:\s+\S+: stopped \(the budget is spent\), 10 passages, no row/,
    );
    await expect(startViewer(['nowhere'], options)).rejects.toThrow(
      'nowhere: there is no such file, and no run of that name in runs/',
    );
    await expect(startViewer([await temporaryFolder()], options)).rejects.toThrow(
      /without manifest\.json/,
    );
    const { url } = await viewerOf(await harbour());
    const port = Number(new URL(url).port);
    await expect(startViewer([await harbour()], { ...options, port })).rejects.toThrow(
      `--port ${port} is in use; give another, or 0 for a free one`,
    );
  });

  it('a run that has just begun is no error: its rows come in', async () => {
    const folder = await writeRun({ manifest: { state: 'running' } });
    const { get } = await viewerOf(folder);
    await appendFile(
      join(folder, 'rejected.jsonl'),
      `${JSON.stringify(rejectedByCheck('c1', finding('arg_type')))}\n`,
    );
    await expect
      .poll(async () => {
        await get('/api/sources');
        return idsOf((await get('/api/list')) as List);
      })
      .toEqual(['c1']);
  });
});
