import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendMark } from '../../../core/run/marks.ts';
import { measureAgreement } from '../../../eval/viewer/agreement.ts';
import { agreementSection } from '../../../eval/viewer/agreement-section.ts';
import {
  finding,
  rejectedByCheck,
  rejectedByJudge,
  trajectory,
  writeRun,
} from '../run-report/run-fixture.ts';

describe('agreement of a person with judge and run', () => {
  it('counts the marked rows alone, the judge over those that it judged', async () => {
    const folder = await writeRun({
      accepted: [trajectory('a1'), trajectory('a2'), trajectory('a3')],
      rejected: [
        rejectedByJudge('j1', { context: 0 }, 'Changes the berth.'),
        rejectedByCheck('c1', finding('arg_type')),
      ],
    });
    expect(await measureAgreement(folder)).toBeUndefined();
    const said = {
      a1: 'accept',
      a2: 'reject',
      j1: 'reject',
      c1: 'accept',
      gone: 'accept',
      a3: null,
    } as const;
    for (const [id, verdict] of Object.entries(said))
      await appendMark(join(folder, 'marks.jsonl'), { id, verdict, comment: 'x', at: '' });
    const agreement = await measureAgreement(folder);
    if (agreement === undefined) throw new Error('no agreement');
    expect(agreement).toMatchObject({
      marked: 5,
      missing: 1,
      judge: { both_yes: 1, both_no: 1, only_person: 0, only_other: 1, n: 3 },
      run: { both_yes: 1, both_no: 1, only_person: 1, only_other: 1, n: 4, kappa: 0 },
      differing: [{ id: 'a2', person: 'reject', reason: 'Sound.' }],
    });
    const page = agreementSection(agreement)
      .body.source.replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
    expect(page).toContain('marked 5 rows');
    expect(page).toContain('1 marked row are no longer'.replace('are', 'is'));
    expect(page).toContain('the judge 3 66.7% 0.40');
  });
});
