import { sha256 } from '../../core/hash.ts';
import { documentId } from '../../core/passage.ts';
import { Domain, Pattern } from '../../core/taxonomy.ts';
import { minhash, type Signature } from '../../core/text/minhash.ts';
import { ngramHashes, wordsOf } from '../../core/text/shingles.ts';
import type { Finding, Trajectory } from '../../core/trajectory.ts';
import { paperGateFails, strictGateFails } from '../../synth/check/run-checks.ts';
import type { DistillRules } from '../rules.ts';
import { personalDataOf, personalSummary } from './personal-data/of-row.ts';
import { conversationText, toolFeatures } from './row-texts.ts';

/**
 * What the choice of rows needs of one row; about 1.5 KB at 128 permutations. `tokens` and `contamination` (the
 * text of the hit that drops the row) are null until whoever counts and compares fills them in.
 */
export interface RowMeasure {
  readonly id: string;
  /** SHA-256 of messages and tools, in hexadecimal. */
  readonly contentHash: string;
  /** SHA-256 of the passage's id and its text's hash: versions of a passage are told apart. */
  readonly passage: string;
  readonly document: string;
  readonly signatures: Signatures;
  readonly licence: string | null;
  readonly domains: readonly Domain[];
  readonly patterns: readonly Pattern[];
  readonly messages: number;
  readonly calls: number;
  readonly warnings: number;
  /** A code that the rules' gate or refuse_codes does not let through; null when there is none. */
  readonly badCheck: string | null;
  readonly checked: boolean;
  readonly judge: 'passed' | 'failed' | 'unjudged';
  /** Kinds and numbers (`email 2, phone 1`); null when the row has no personal data. */
  readonly personal: string | null;
  tokens: number | null;
  contamination: string | null;
  /** What a person said of it in the viewer; null where nobody has. */
  person: 'accept' | 'reject' | null;
}

/** MinHash signatures of the passage, of the conversation and of the tool set. */
interface Signatures {
  passage: Signature;
  conversation: Signature;
  tools: Signature;
}

/** Measures a row once, so that the choice among all rows needs none of their texts. Pure. */
export function measureRow(row: Trajectory, rules: DistillRules): RowMeasure {
  return {
    id: row.id,
    contentHash: sha256(JSON.stringify([row.messages, row.tools])),
    passage: sha256(`${row.source.id} ${row.source.sha256}`),
    document: documentId(row.source),
    signatures: signaturesOf(row, rules),
    licence: row.source.licence,
    domains: shared(row.tags?.domains ?? [], Domain.options),
    patterns: shared(row.patterns.found, Pattern.options),
    messages: row.messages.length,
    calls: callsOf(row),
    warnings: row.checks.filter(({ severity }) => severity === 'warning').length,
    badCheck: badCheckOf(row.checks, rules),
    checked: row.provenance.ablation.check,
    judge: judgeOf(row),
    personal: personalSummary(personalDataOf(row, rules.personal_data)),
    tokens: null,
    contamination: null,
    person: null,
  };
}

function signaturesOf(row: Trajectory, { duplicates }: DistillRules): Signatures {
  const { shingle_words: n, permutations } = duplicates;
  const ofText = (text: string): Signature => {
    const words = wordsOf(text);
    // A text of fewer words is one run.
    return minhash(ngramHashes(words, Math.max(1, Math.min(n, words.length))), permutations);
  };
  return {
    passage: ofText(row.source.text),
    conversation: ofText(conversationText(row)),
    tools: minhash(ngramHashes(toolFeatures(row.tools), 1), permutations),
  };
}

function callsOf({ messages }: Trajectory): number {
  return messages.reduce(
    (sum, message) => sum + (message.role === 'assistant' ? (message.tool_calls?.length ?? 0) : 0),
    0,
  );
}

function badCheckOf(findings: readonly Finding[], { checks }: DistillRules): string | null {
  const refused = findings.find(({ code }) => checks.refuse_codes.includes(code));
  if (refused !== undefined) return refused.code;
  if (checks.gate === 'none') return null;
  const fails = checks.gate === 'paper' ? paperGateFails : strictGateFails;
  return findings.find((finding) => fails([finding]))?.code ?? null;
}

function judgeOf({ judge }: Trajectory): RowMeasure['judge'] {
  if (judge === null) return 'unjudged';
  return Object.values(judge.rubrics).every((rubric) => rubric === 1) ? 'passed' : 'failed';
}

/** The same values as the options' own strings: a hundred thousand rows need not keep their own. */
function shared<T>(values: readonly T[], options: readonly T[]): T[] {
  return values.map((value) => options[options.indexOf(value)] ?? value);
}
