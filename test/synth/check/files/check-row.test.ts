import { describe, expect, it } from 'vitest';
import { readRows } from '../../../../core/formats/read-row.ts';
import { checkFileRow, type FileCheckOptions } from '../../../../synth/check/files/check-row.ts';
import { reportRow } from '../../../../synth/check/files/report-row.ts';
import { clean, result } from '../cases.ts';

const FOREIGN: FileCheckOptions = { profile: 'foreign', language: null };

function check(value: unknown, options: FileCheckOptions = FOREIGN) {
  const [row] = readRows(value, 'auto');
  if (row === undefined) throw new Error('no row');
  return checkFileRow(row, 'rows.jsonl:1', options);
}

function codesOf(value: unknown, options?: FileCheckOptions): string[] {
  return check(value, options).findings.map(({ code }) => code);
}

describe('a row of a file', () => {
  it('has its own id, or its place', () => {
    expect(check({ id: 'a', ...clean }).id).toBe('a');
    expect(check({ uuid: 'b', ...clean }).id).toBe('b');
    expect(check({ id: 7, ...clean }).id).toBe('7');
    expect(check(clean).id).toBe('rows.jsonl:1');
  });

  it('is clean, or an error where it cannot be read', () => {
    expect(codesOf(clean)).toEqual([]);
    const { findings } = check({ prompt: 'Hello' });
    expect(findings).toMatchObject([{ code: 'row_unreadable', severity: 'error' }]);
  });

  it('says that it has no tools, and its calls are not held against that', () => {
    const { messages } = clean;
    expect(codesOf({ messages })).toEqual(['tools_unknown']);
    expect(codesOf({ messages: messages.slice(0, 2) })).not.toContain('tools_unknown');
    expect(codesOf({ messages, tools: [] })).toContain('unknown_tool');
  });

  it('brings its passage, its workflow and how it was made into the check', () => {
    const workflow = {
      description: 'Renew',
      steps: ['renew'],
      graph: '(renew_loan)',
      example_calls: [],
      constraints: [],
    };
    const ours = {
      ...clean,
      source: { id: 'p1', text: 'Loans run four weeks.' },
      provenance: { ablation: { refine: false } },
      patterns: { asked: ['clarification'], found: [] },
    };
    const read = { workflow, passage: 'Loans run four weeks.', refined: false };
    const wanted = { ...read, patterns: ['clarification'] };
    expect(check({ ...ours, workflow }).context).toMatchObject(wanted);
    const inParquet = { ...ours, workflow: JSON.stringify(workflow) };
    expect(check(inParquet).context).toMatchObject(wanted);
  });

  it('gets its passage by its source id, and tells when there is none', () => {
    const passageOf = (id: string) => (id === 'p1' ? 'A text.' : undefined);
    const options = { ...FOREIGN, passageOf };
    expect(check({ ...clean, source_id: 'p1' }, options)).toMatchObject({
      context: { passage: 'A text.' },
      missingPassage: null,
    });
    expect(check({ ...clean, source: { id: 'p2' } }, options).missingPassage).toBe('p2');
    expect(check({ ...clean, source: 'by hand' }, options).missingPassage).toBeNull();
  });
});

describe('the report of a row', () => {
  it('tells how to mend each finding, and the patterns with their places', () => {
    const report = reportRow(check({ id: 'a', prompt: '' }));
    expect(report).toMatchObject({ id: 'a', patterns: [] });
    expect(report.findings[0]?.fix).toContain('--format');
    const [system, user, call, done, closing] = clean.messages;
    const failed = { ...result, content: '{"error": "no such card"}' };
    const messages = [system, user, call, failed, call, done, closing];
    expect(reportRow(check({ ...clean, messages })).patterns).toContainEqual({
      pattern: 'error_recovery',
      message_index: 4,
    });
  });
});
