import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../core/conversation.ts';
import { checkConversation } from '../../../synth/check/run-checks.ts';
import { faultIndex } from '../../../synth/fault.ts';
import { DEFECTS } from '../../../synth/offline/defects/table.ts';
import { judgeOffline } from '../../../synth/offline/judge.ts';
import { Random } from '../../../synth/offline/seed.ts';
import { decidingFindings } from '../../../synth/review.ts';
import { passes } from '../../../synth/stages/judge.ts';
import { mended, type RepairInput, repair } from '../../../synth/stages/repair.ts';
import { ask, COMPACT, type Made, make, passageOf, sampleRows } from './ask.ts';

const made = sampleRows()
  .filter(({ procedural }) => procedural)
  .slice(0, 25)
  .map(({ text }) => make(text, COMPACT));

function review({ text, workflow, patterns }: Made, conversation: Conversation) {
  const findings = checkConversation({
    conversation,
    refined: true,
    profile: 'gem',
    language: 'English',
    patterns,
    workflow,
    passage: text,
  });
  const deciding = decidingFindings(findings, 'strict');
  const verdict = judgeOffline(conversation);
  return { findings, deciding, verdict, isGood: deciding.length === 0 && passes(verdict) };
}

/** What a repair is asked with; undefined where nobody has seen the defect. */
function questionOf(one: Made, conversation: Conversation): RepairInput | undefined {
  const { findings, deciding, verdict, isGood } = review(one, conversation);
  if (isGood) return undefined;
  const seen = deciding.length === 0 ? verdict : null;
  return {
    passage: passageOf(one.text),
    workflow: one.workflow,
    conversation,
    faultIndex: faultIndex(conversation, deciding, seen),
    findings,
    verdict: seen,
    patterns: one.patterns,
    language: 'English',
  };
}

describe('the offline teacher, asked to mend', () => {
  it.each(DEFECTS)('puts a planted $name right', ({ name, apply }) => {
    const questions = made.flatMap((one) => {
      const copy = structuredClone(one.refined);
      const spoilt = apply(copy, new Random(`${name} ${one.text}`), one.workflow.constraints);
      const question = spoilt === undefined ? undefined : questionOf(one, spoilt);
      return question === undefined ? [] : [{ one, question }];
    });
    const good = questions.filter(({ one, question }) => {
      const answer = ask(repair, question, COMPACT);
      return review(one, mended(question, answer)).isGood;
    });
    expect(questions.length).toBeGreaterThan(3);
    expect(good.length / questions.length).toBeGreaterThanOrEqual(0.9);
  });

  it('writes everything anew where the tools or the system message are at fault', () => {
    const [one] = made;
    if (one === undefined) throw new Error('no conversation');
    const question = { ...repair.probe, conversation: one.refined, workflow: one.workflow };
    const input = { ...question, passage: passageOf(one.text), faultIndex: 0 };
    const whole = ask(repair, input, COMPACT);
    expect(whole.messages[0]?.role).toBe('system');
    expect(whole.messages).not.toEqual(one.refined.messages);
    expect(review(one, mended(input, whole)).isGood).toBe(true);
  });
});
