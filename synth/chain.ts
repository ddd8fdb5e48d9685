import type { JournalEntry } from '../core/llm/journal.ts';
import { usd } from './summary.ts';

/** A titled part of a printed chain. */
export interface Section {
  title: string;
  text?: string;
}

/** A request and its answer as sections: what was sent, what came back, what it cost. */
export function entrySections({ head, messages, response }: JournalEntry): Section[] {
  const cached = head.cached_tokens > 0 ? ` (${head.cached_tokens} cached)` : '';
  const estimated = head.estimated ? ', estimated' : '';
  const tokens = `${head.prompt_tokens}${cached} + ${head.completion_tokens} tokens${estimated}`;
  return [
    {
      title: `${head.stage}: asked ${head.endpoint} (${head.model}); ${tokens}, ${usd(head.cost_usd)} USD, ${head.seconds} s`,
    },
    ...messages.map(({ role, content }) => ({ title: `${head.stage}, ${role}`, text: content })),
    {
      title: `${head.stage}, raw answer`,
      text: response.completion.choices[0]?.message.content ?? '(none)',
    },
  ];
}

/** Sections as lines. */
export function sectionLines(sections: Section[]): string[] {
  return sections.flatMap(({ title, text }) =>
    text === undefined ? [`== ${title}`] : [`== ${title}`, text],
  );
}
