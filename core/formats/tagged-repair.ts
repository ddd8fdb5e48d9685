/** What the reader of the tagged format put right, by kind. */
export type RepairCode =
  | 'outside_text' // text before, between or after the blocks was left out
  | 'code_fence' // a Markdown fence was taken off
  | 'think' // a think block before the answer was left out
  | 'tag_case' // <User> was read as <user>
  | 'missing_close' // a block ended where the next began, or with the text
  | 'wrong_close' // a block ended with another block's closing tag
  | 'stray_close' // a closing tag that closed nothing was left out
  | 'unescaped_tag' // a tag inside a message was read as text
  | 'text_after_call' // text after a call was moved before it
  | 'call_outside' // a call outside of a turn was given to the assistant
  | 'call_tag' // <tool_call> was read as <func>
  | 'call_shape' // a call was written in another form than {"name", "arguments"}
  | 'tool_shape' // a tool definition was written in another form than {"type", "function"}
  | 'toolsets_shape' // the toolsets block held one definition, not a list
  | 'json' // broken JSON was repaired
  | 'rounded_number' // a number beyond 2^53 was rounded
  | 'orphan_result' // a result that no call waited for was kept under an id of its own
  | 'trimmed'; // blanks at the edges of a message were removed

export interface Repair {
  code: RepairCode;
  text: string;
}

/** What cannot be read without guessing; `parseTagged` gives it back as data. */
export class TaggedProblem extends Error {
  override readonly name = 'TaggedProblem';
}

/** The beginning of a text on one line, for messages. */
export function excerpt(text: string, length = 80): string {
  const line = text
    .slice(0, length * 4)
    .trim()
    .replace(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length)}...` : line;
}
