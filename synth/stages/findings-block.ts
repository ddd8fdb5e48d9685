import { block } from '../../core/formats/passage-block.ts';
import { escapeMarkup } from '../../core/formats/tagged.ts';
import type { Finding } from '../../core/trajectory.ts';

const MOST_SHOWN = 40;
const MOST_CHARACTERS = 400;

/**
 * Errors and warnings as a `<findings>` block, one a line: severity, code, message number, what was found. Notes are
 * no fault and stay out; beyond 40 the block says how many more there are.
 * @param fixOf how a code is mended: said once for each, where it is wanted
 */
export function findingsBlock(
  findings: readonly Finding[],
  fixOf: (code: string) => string | undefined = () => undefined,
): string {
  const faults = findings.filter(({ severity }) => severity !== 'note');
  const shown = faults.slice(0, MOST_SHOWN).map(findingLine);
  const more = faults.length - shown.length;
  const rest = more > 0 ? [`and ${more} more`] : [];
  const fixes = [...new Set(faults.slice(0, MOST_SHOWN).map(({ code }) => code))].flatMap(
    (code) => {
      const fix = fixOf(code);
      return fix === undefined ? [] : [`To mend ${code}: ${fix}`];
    },
  );
  const lines = [...(faults.length === 0 ? ['none'] : shown), ...rest, ...fixes];
  return block('findings', lines.join('\n'));
}

/** Text that may quote the conversation, in one line: what looks like a tag of ours in it is escaped. */
export function quoted(text: string): string {
  const line = escapeMarkup(text.replace(/\s+/g, ' ').trim()).replace(OTHER_TAGS, '&lt;');
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS)} [...]`;
}

/** The blocks of the prompts that quote, whose names are not among the reserved ones. */
const OTHER_TAGS = /<(?=\/?(?:findings|verdict|from|language)\b)/gi;

function findingLine({ code, severity, message_index, path, text }: Finding): string {
  const place = message_index === null ? 'the whole' : `message ${message_index}`;
  const below = path === null || path === '' ? '' : ` ${quoted(path)}`;
  return `- ${severity} ${code}, ${place}${below}: ${quoted(text)}`;
}
