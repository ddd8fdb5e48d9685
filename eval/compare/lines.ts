import { table } from '../../core/table.ts';
import type { Block } from './block.ts';

/** Blocks as lines for a terminal. */
export function blockLines(blocks: readonly Block[]): string[] {
  return blocks.flatMap(linesOf);
}

function linesOf(block: Block): string[] {
  switch (block.kind) {
    case 'title':
      return ['', block.level === 3 ? block.text : underlined(block.text, block.level)].flat();
    case 'text':
      return ['', block.text];
    case 'banner':
      return ['', `*** ${block.text} ***`];
    case 'list':
      return ['', ...block.items.map((item) => `- ${item}`)];
    case 'table':
      return ['', ...table(block.rows)];
    case 'fold':
      return blockLines(block.blocks);
  }
}

function underlined(text: string, level: 1 | 2): string[] {
  return [text, (level === 1 ? '=' : '-').repeat(Math.min(100, text.length))];
}
