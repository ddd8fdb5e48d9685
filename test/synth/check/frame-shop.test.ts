import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Conversation } from '../../../core/conversation.ts';
import { Workflow } from '../../../core/workflow.ts';
import { findingsOf } from './rule-findings.ts';

const Fixture = Conversation.extend({
  passage: z.string(),
  workflow: Workflow,
  corrections: z.array(z.tuple([z.number(), z.string(), z.string()])),
});
const path = new URL('fixtures/frame-shop.json', import.meta.url);
const { passage, workflow, messages, tools, corrections } = Fixture.parse(
  JSON.parse(readFileSync(path, 'utf8')),
);
const context = { passage, workflow };

describe("the paper's frame shop", () => {
  it('is caught by the rules of the passage and by the results', () => {
    const errors = findingsOf({ messages, tools }, context).filter(
      ({ severity }) => severity === 'error',
    );
    expect(errors.map(({ code, message_index: at }) => [code, at])).toEqual([
      ['rule_contradicts_passage', 0],
      ['rule_contradicts_passage', 0],
      ['stated_rule_broken', 2],
      ['stated_rule_broken', 3],
    ]);
    expect(errors[0]?.text).toMatch(/"60x70 cm".*the passage has "80x180 cm"/);
    expect(errors[1]?.text).toMatch(/"100x150 cm".*the passage has "100x160 cm"/);
    expect(errors[2]?.text).toContain('size_cm "54x74"');
  });

  it('passes with the limits of the passage', () => {
    const twin = structuredClone(messages);
    for (const [index, from, to] of corrections) {
      const message = twin[index];
      if (message?.content) message.content = message.content.replace(from, to);
    }
    const findings = findingsOf({ messages: twin, tools }, context);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(findings.map(({ code }) => code)).toEqual(['few_patterns']);
  });
});
