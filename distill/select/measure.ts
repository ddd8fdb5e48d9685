import { createHash } from 'node:crypto';
import { documentId } from '../../core/passage.ts';
import type { Domain, Pattern } from '../../core/taxonomy.ts';
import { minhash, type Signature } from '../../core/text/minhash.ts';
import { ngramHashes, wordsOf } from '../../core/text/shingles.ts';
import type { Finding, Trajectory } from '../../core/trajectory.ts';
import { paperGateFails, strictGateFails } from '../../synth/check/run-checks.ts';
import type { DistillRules } from '../rules.ts';
import { personalDataOf, personalSummary } from './personal-data/of-row.ts';
import { conversationText, toolFeatures } from './row-texts.ts';
import { SharedValues } from './shared-values.ts';
import { type SignatureSlab, SignatureStore, type SignedPart } from './signatures.ts';

/**
 * What the choice of rows needs of one row: about 400 bytes, and as many for its signatures. `tokens` and
 * `contamination` (the text of the hit that drops the row) are null until whoever counts and compares fills them in.
 */
export interface RowMeasure {
  readonly id: string;
  /** Hash of messages and tools. */
  readonly contentHash: string;
  /** Hash of the passage's id and text: versions of a passage are told apart. */
  readonly passage: string;
  readonly document: string;
  /** The id in the rules' refuse_sources that is its document's or its passage's; null where there is none. */
  readonly refusedSource: string | null;
  /** Where its signatures are; signatureOf gives them. */
  readonly slab: SignatureSlab;
  readonly place: number;
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
  tokens: number | null;
  contamination: string | null;
  /** Kinds and numbers (`email 2, phone 1`) of personal data in the row, or of what was masked; null where none was. */
  personal: string | null;
  /** What a person said of it in the viewer; null where nobody has. */
  person: 'accept' | 'reject' | null;
}

/** What measures of many rows have in common, so that each is small. */
export interface MeasureStore {
  shared: SharedValues;
  signatures: SignatureStore;
}

export function newMeasureStore({ duplicates }: DistillRules): MeasureStore {
  return { shared: new SharedValues(), signatures: new SignatureStore(duplicates.permutations) };
}

/** The MinHash signature of a row's passage, conversation or tool set. @throws RangeError where there is no row */
export function signatureOf(
  row: Pick<RowMeasure, 'slab' | 'place'> | undefined,
  part: SignedPart,
): Signature {
  if (row === undefined) throw new RangeError('no row, so no signature');
  return row.slab.of(row.place, part);
}

/**
 * Measures a row once, so that the choice among all rows needs none of their texts.
 * @param store the same one for all rows that are chosen from together
 */
export function measureRow(
  row: Trajectory,
  rules: DistillRules,
  { shared, signatures }: MeasureStore,
): RowMeasure {
  const document = documentId(row.source);
  const { slab, place } = signatures.add(signaturesOf(row, rules));
  return {
    id: row.id,
    contentHash: shortHash(JSON.stringify([row.messages, row.tools])),
    passage: shortHash(`${row.source.id} ${row.source.sha256}`),
    document,
    refusedSource:
      rules.refuse_sources.find((id) => id === document || id === row.source.id) ?? null,
    slab,
    place,
    licence: shared.of(row.source.licence),
    domains: shared.of(row.tags?.domains ?? []),
    patterns: shared.of(row.patterns.found),
    messages: row.messages.length,
    calls: callsOf(row),
    warnings: row.checks.filter(({ severity }) => severity === 'warning').length,
    badCheck: shared.of(badCheckOf(row.checks, rules)),
    checked: row.provenance.ablation.check,
    judge: judgeOf(row),
    personal: shared.of(personalSummary(personalDataOf(row, rules.personal_data))),
    tokens: null,
    contamination: null,
    person: null,
  };
}

function signaturesOf(
  row: Trajectory,
  { duplicates }: DistillRules,
): Record<SignedPart, Signature> {
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

/** Half of a SHA-256, in 22 characters: as hexadecimal digits all of it would be the most of what is kept of a row. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest().toString('base64url', 0, 16);
}
