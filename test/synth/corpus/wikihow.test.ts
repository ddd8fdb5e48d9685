import { describe, expect, it } from 'vitest';
import { fixture, readAll } from './read.ts';

const read = async (name: string) =>
  (await readAll([fixture(name)], { preset: 'wikihow' })).passages.map(({ title, text }) => ({
    title,
    text,
  }));

describe('the wikihow preset', () => {
  it('joins the rows of one article, a step each', async () => {
    expect(await read('wikihow-steps.csv')).toMatchInlineSnapshot(`
      [
        {
          "text": "How to Descale a Kettle

      A kettle needs care.

      Descaling

      1. Fill the kettle with water and vinegar. Use equal parts, and no more than a litre.
      2. Boil it once. Then wait for twenty minutes.

      Finishing

      1. Rinse it twice. Throw the first boil away.",
          "title": "How to Descale a Kettle",
        },
        {
          "text": "How to Oil a Chain

      Bikes squeak.

      Oiling

      1. Find the squeak. Turn the pedals by hand.",
          "title": "How to Oil a Chain",
        },
      ]
    `);
  });

  it('numbers the headlines of an article a row', async () => {
    expect(await read('wikihow-all.csv')).toMatchInlineSnapshot(`
      [
        {
          "text": "How to Fold a Card1

      1. Gather the paper.
      2. Fold it in half.
      3. Press the crease.

      Take a sheet of stiff paper, no larger than A4. Corners should meet.",
          "title": "How to Fold a Card1",
        },
      ]
    `);
  });

  it('writes out methods and steps that are lists', async () => {
    expect(await read('wikihow-nested.jsonl')).toMatchInlineSnapshot(`
      [
        {
          "text": "How to Back Up a Phone

      Do it weekly.

      By cable

      1. Plug the phone in. Use the cable it came with.
      2. Press Back Up.

      By wireless

      1. Open Settings.
      2. Choose Cloud.",
          "title": "How to Back Up a Phone",
        },
        {
          "text": "How to Wait

      1. Sit down somewhere comfortable.
      2. Do nothing at all for ten minutes.",
          "title": "How to Wait",
        },
      ]
    `);
  });

  it('reads a list that is JSON in a column, and leaves plain rows as they are', async () => {
    const rows = [
      { title: 'How to Knock', steps: '["Walk up to the door.", "Knock on it three times."]' },
      { title: 'Plain', text: 'A row of title and text alone is a passage as it stands.' },
    ];
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    const { passages, report } = await readAll(['-'], { preset: 'wikihow' }, lines);
    expect(passages.map(({ text }) => text)).toEqual([
      'How to Knock\n\n1. Walk up to the door.\n2. Knock on it three times.',
      rows[1]?.text,
    ]);
    expect(report.read).toBe(2);
  });

  it('takes a text field that was asked for as it is', async () => {
    const options = { preset: 'wikihow' as const, textField: 'overview', minTokens: 1 };
    const { passages } = await readAll([fixture('wikihow-nested.jsonl')], options);
    expect(passages.map(({ text }) => text)).toEqual(['Do it weekly.']);
  });
});
