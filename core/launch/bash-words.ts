/** A word of a command: taken as it stands, or, where only the node knows it, an expression of bash. */
export type BashWord = string | { bash: string };

/** One word for bash, so that it arrives as it is; line breaks and quotes included. */
export function bashWord(word: BashWord): string {
  if (typeof word !== 'string') return word.bash;
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command for people to read: a flag and its value share a line, lines are continued by backslashes. */
export function bashCommand(words: readonly BashWord[], indent = '  '): string {
  const lines: string[] = [];
  for (const word of words) {
    const text = bashWord(word);
    const isValue =
      lines.length > 1 && /^--?\w[\w-]*$/.test(lines.at(-1) ?? '') && !text.startsWith('-');
    if (lines.length > 0 && (isValue || (lines.length === 1 && !text.startsWith('-'))))
      lines.push(`${lines.pop()} ${text}`);
    else lines.push(text);
  }
  return lines.join(` \\\n${indent}`);
}
