import type { Conversation } from '../../core/conversation.ts';
import type { Passage } from '../../core/passage.ts';
import {
  readSynthesizerAnswer,
  synthesizerPrompt,
  synthesizerTarget,
} from '../../core/synthesizer.ts';
import { conversationSchema, wholeConversation } from './conversation-answer.ts';
import { EXAMPLE_PASSAGE } from './example.ts';
import { fail, type Parsed, type Stage } from './stage.ts';

export interface SynthesizeInput {
  passage: Passage;
}

/** A trajectory with its tools in one call to a model that was trained on this very prompt (distill's pairs). */
export const synthesize: Stage<SynthesizeInput, Conversation> = {
  name: 'synthesize',
  prompt: ({ passage }) => ({ system: '', user: synthesizerPrompt(passage) }),
  probe: { passage: EXAMPLE_PASSAGE },
  answerSchema: conversationSchema(true),
  resampled: true,
  parse: readAnswer,
  print: synthesizerTarget,
};

function readAnswer(text: string): Parsed<Conversation> {
  const parsed = readSynthesizerAnswer(text);
  return parsed.ok ? wholeConversation(parsed) : fail(parsed.problem);
}
