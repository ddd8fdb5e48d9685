import { plain } from '../run-report/plain-markdown.ts';
import type { Block } from './block.ts';

/** Blocks as Markdown. Names and reasons come from rows: nothing in them is markup. */
export function blockMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(textOf).join('\n\n')}\n`;
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `${'#'.repeat(block.level)} ${plain(block.text)}`;
    case 'text':
      return plain(block.text);
    case 'banner':
      return `> **Offline teacher.** ${plain(block.text)}`;
    case 'list':
      return block.items.map((item) => `- ${plain(item)}`).join('\n');
    case 'table':
      return tableOf(block.rows);
    case 'fold':
      return block.blocks.map(textOf).join('\n\n');
  }
}

function tableOf([head = [], ...rows]: string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}
