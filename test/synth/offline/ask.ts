import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Conversation } from '../../../core/conversation.ts';
import { packageRoot } from '../../../core/package-root.ts';
import type { Passage } from '../../../core/passage.ts';
import type { Pattern } from '../../../core/taxonomy.ts';
import type { ExtractedWorkflow } from '../../../core/workflow.ts';
import { answerOffline, type OfflineOptions } from '../../../synth/offline/teacher.ts';
import { extract } from '../../../synth/stages/extract.ts';
import { generate } from '../../../synth/stages/generate.ts';
import { choosePatterns } from '../../../synth/stages/patterns.ts';
import { refine } from '../../../synth/stages/refine.ts';
import type { AnswerFormat, Stage } from '../../../synth/stages/stage.ts';

export const BRIEF: OfflineOptions = { size: 'brief', defectRate: 0, seed: 1 };
export const COMPACT: OfflineOptions = { size: 'compact', defectRate: 0, seed: 1 };
export const PAPER: OfflineOptions = { size: 'paper', defectRate: 0, seed: 1 };

export function passageOf(text: string): Passage {
  return { id: 'p', sha256: 'p', text, title: null, url: null, licence: null };
}

/** The offline teacher's answer to a stage's own prompt, as text. */
export function answerText<Input, Answer>(
  stage: Stage<Input, Answer>,
  input: Input,
  options: OfflineOptions,
  format: AnswerFormat = 'tags',
): string {
  const { system, user } = stage.prompt(input, format);
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
  return answerOffline(
    { messages, ...(format === 'json' ? { response_format: { type: 'json_object' } } : {}) },
    options,
  );
}

/** The same, parsed; throws when the answer cannot be read or had to be repaired. */
export function ask<Input, Answer>(
  stage: Stage<Input, Answer>,
  input: Input,
  options: OfflineOptions,
  format: AnswerFormat = 'tags',
): Answer {
  const parsed = stage.parse(answerText(stage, input, options, format), input, format);
  if (!parsed.ok) throw new Error(`${stage.name}: ${parsed.problem}`);
  if (parsed.repairs.length > 0) throw new Error(`${stage.name}: ${parsed.repairs.join('; ')}`);
  return parsed.value;
}

export interface Made {
  text: string;
  workflow: ExtractedWorkflow;
  patterns: Pattern[];
  generated: Conversation;
  refined: Conversation;
}

/** A passage's workflow and conversations. */
export function make(text: string, options: OfflineOptions): Made {
  const passage = passageOf(text);
  const [workflow] = ask(extract, { passage, workflows: 1 }, options).workflows;
  if (workflow === undefined) throw new Error('no workflow');
  const patterns = choosePatterns(text);
  const generated = ask(generate, { passage, workflow, patterns, language: 'English' }, options);
  const refined = ask(refine, { conversation: generated, workflow, language: 'English' }, options);
  return { text, workflow, patterns, generated, refined };
}

interface SampleRow {
  text: string;
  title: string;
  procedural: boolean;
}

/** The rows of the shipped sample corpus. */
export function sampleRows(): SampleRow[] {
  const lines = readFileSync(join(packageRoot(), 'synth/sample/corpus.jsonl'), 'utf8').trim();
  // The corpus is ours and has a test of its own.
  return lines.split('\n').map((line) => JSON.parse(line) as SampleRow);
}
