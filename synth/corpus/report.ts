/** Why a whole document gave no passage. */
export type SkipReason = 'empty' | 'too_short' | 'too_long' | 'binary' | 'not_text' | 'duplicate';

/** Why a part of a split document was left out. */
type SkippedPart = 'too_short' | 'duplicate';

/**
 * What became of a corpus so far. `read` documents are `whole_documents` (one passage each), `split_documents`
 * or skipped; `passages` are the whole documents and the parts that were not skipped.
 */
export interface CorpusReport {
  files: number;
  /** Files of a folder or a glob whose ending is not a known one. */
  files_left_out: number;
  read: number;
  passages: number;
  whole_documents: number;
  split_documents: number;
  skipped: Record<SkipReason, number>;
  skipped_parts: Record<SkippedPart, number>;
  /** Passages whose id another text had already: theirs ends in `~` and 8 digits of their hash. */
  renamed_ids: number;
  /** Documents without a value in the id field that was asked for; their id is their hash. */
  missing_ids: number;
}

const REASONS: Record<SkipReason, string> = {
  empty: 'left out, empty',
  too_short: 'left out, below the lowest length',
  too_long: 'left out, above the highest length',
  binary: 'left out, binary or not UTF-8',
  not_text: 'left out, no text in the text field',
  duplicate: 'left out, duplicate of an earlier text',
};

/** A report with nothing counted yet. */
export function newCorpusReport(): CorpusReport {
  return {
    files: 0,
    files_left_out: 0,
    read: 0,
    passages: 0,
    whole_documents: 0,
    split_documents: 0,
    skipped: { empty: 0, too_short: 0, too_long: 0, binary: 0, not_text: 0, duplicate: 0 },
    skipped_parts: { too_short: 0, duplicate: 0 },
    renamed_ids: 0,
    missing_ids: 0,
  };
}

/** The report in plain lines for people; what did not happen is left out. */
export function describeCorpusReport(report: CorpusReport): string[] {
  const reasons = Object.entries(REASONS).map(([reason, words]): [string, number] => [
    words,
    // Object.entries widens the keys of the record to string.
    report.skipped[reason as SkipReason],
  ]);
  const parts = report.skipped_parts;
  return [
    `${count(report.read, 'document')} in ${count(report.files, 'file')} gave ${count(report.passages, 'passage')}`,
    ...line('split at paragraph borders', report.split_documents),
    ...reasons.flatMap(([words, number]) => line(words, number)),
    ...line('parts left out, below the lowest length', parts.too_short),
    ...line('parts left out, duplicate of an earlier text', parts.duplicate),
    ...line('id taken by another text, its hash added', report.renamed_ids),
    ...line('no value in the id field, id made from the text', report.missing_ids),
    ...line('files left out for their ending', report.files_left_out),
  ];
}

function line(words: string, number: number): string[] {
  return number === 0 ? [] : [`  ${words}: ${grouped(number)}`];
}

function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function grouped(number: number): string {
  return number.toLocaleString('en-US');
}
