import type { Method } from './method.ts';
import type { SharedPassages } from './selection.ts';

/** What has to be known to read the figures of two methods, one sentence each. */
export function pairNotes(a: Method, b: Method, shared: SharedPassages): string[] {
  return [...passageNotes(shared), ...settingNotes(a, b), ...costNotes(a, b)];
}

function passageNotes({ ids, onlyA, onlyB, otherText }: SharedPassages): string[] {
  const notes: string[] = [];
  if (ids.length === 0)
    notes.push(
      'No passage came to an end in both: nothing can be compared. Run both over the same corpus.',
    );
  else if (onlyA + onlyB > 0)
    notes.push(
      `Compared on the ${ids.length} passages that came to an end in both; left out: ${onlyA} of A alone, ${onlyB} of B alone.`,
    );
  if (otherText > 0)
    notes.push(
      `${otherText} passages have the same id but another text in the other run: left out.`,
    );
  return notes;
}

const COMPARED: [string, string][] = [
  ['gate', 'the gate'],
  ['judge_prompt', "the judge's prompt"],
  ['stages.judge.model', "the judge's model"],
];

/** Settings without which figures of the same name do not mean the same. */
function settingNotes(a: Method, b: Method): string[] {
  return COMPARED.flatMap(([key, words]) => {
    const [one, other] = [valuesOf(a, key), valuesOf(b, key)];
    const isOfJudge = key.includes('judge');
    const unjudged = [...a.runs, ...b.runs].some(({ manifest }) => !manifest.ablation.judge);
    if (one === other || (isOfJudge && unjudged)) return [];
    return [`A and B differ in ${words} (${one}; ${other}): what was accepted is not the same.`];
  });
}

function valuesOf({ runs }: Method, key: string): string {
  const values = runs.map(({ manifest }) => String(manifest.fingerprint_parts[key] ?? 'none'));
  return [...new Set(values)].sort().join(', ');
}

function costNotes(a: Method, b: Method): string[] {
  const without = [...a.runs, ...b.runs].filter(({ hasCosts }) => !hasCosts);
  if (without.length === 0) return [];
  const names = without.map(({ manifest }) => manifest.name).join(', ');
  return [`${names} has no journal.jsonl: costs, and equal tokens, cannot be compared.`];
}
