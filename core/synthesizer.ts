import type { Conversation } from './conversation.ts';
import { passageBlock } from './formats/passage-block.ts';
import { printTagged } from './formats/tagged.ts';
import { type ParsedTagged, parseTagged } from './formats/tagged-parse.ts';
import { sha256 } from './hash.ts';
import type { Passage } from './passage.ts';

/** Goes up with every change of the instruction: a model is trained on one and must be asked with the same. */
const SYNTHESIZER_VERSION = 1;

/** What stands above the passage, in training as in use (paper, Trajectory Synthesizer). */
const INSTRUCTION = `Task: synthesize
Turn the text in <passage> into one multi-turn conversation between a user and an assistant that works with tools. First write the tool definitions as a JSON array in <toolsets>, then the conversation in <system>, <user>, <assistant> and <tool> tags; a call is <func>{"name": ..., "arguments": {...}}</func>. The system message states every rule of the text that touches the task. Every value in a call comes from the user, the system message or an earlier result.`;

/** Names the instruction in manifests and cards. */
export const SYNTHESIZER_INSTRUCTION = {
  version: SYNTHESIZER_VERSION,
  sha256: sha256(INSTRUCTION),
  text: INSTRUCTION,
} as const;

/** The one user message that asks a synthesizer for a trajectory. */
export function synthesizerPrompt(passage: Passage): string {
  return `${INSTRUCTION}\n${passageBlock(passage)}`;
}

/** The answer that a synthesizer is trained to give: tool definitions and trajectory in the tagged text. */
export function synthesizerTarget(conversation: Conversation): string {
  return printTagged(conversation);
}

/** Reads a synthesizer's answer; problems are data. */
export function readSynthesizerAnswer(text: string): ParsedTagged {
  return parseTagged(text, { trim: true });
}
