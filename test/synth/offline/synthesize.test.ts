import { describe, expect, it } from 'vitest';
import { shownText } from '../../../core/formats/passage-block.ts';
import { checkConversation, strictGateFails } from '../../../synth/check/run-checks.ts';
import { answerOffline } from '../../../synth/offline/teacher.ts';
import { synthesize } from '../../../synth/stages/synthesize.ts';
import { ask, COMPACT, passageOf, sampleRows } from './ask.ts';

describe('the offline teacher as a synthesizer', () => {
  it('answers each passage of the sample corpus with a trajectory that is read without repair, and most pass', () => {
    const passages = sampleRows().map(({ text, title }) => ({ ...passageOf(text), title }));
    const failed = passages.filter((passage) => {
      const findings = checkConversation({
        conversation: ask(synthesize, { passage }, COMPACT),
        refined: true,
        profile: 'gem',
        language: 'English',
        passage: shownText(passage),
      });
      return strictGateFails(findings);
    });
    expect(failed.length / passages.length).toBeLessThan(0.05);
  });

  it('answers each seed in its own way, and a text without a procedure too', () => {
    const passage = passageOf('The hills were blue and old.\n\nNobody spoke.');
    const { user } = synthesize.prompt({ passage }, 'tags');
    const answer = (seed: number) =>
      answerOffline({ messages: [{ role: 'user', content: user }], seed }, COMPACT);
    expect(answer(0)).toBe(answer(0));
    expect(answer(10)).not.toBe(answer(0));
    expect(synthesize.parse(answer(0), { passage }, 'tags').ok).toBe(true);
  });

  it('reads the passage behind the instruction that names its tag, markup in it as text', () => {
    const odd = passageOf('Bring <passage> and </passage> to the desk within 3 days.');
    const answered = ask(synthesize, { passage: odd }, COMPACT);
    expect(JSON.stringify(answered)).not.toContain('multi-turn conversation');
  });
});
