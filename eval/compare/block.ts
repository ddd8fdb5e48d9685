/** A piece of a comparison as it is shown, whatever it is shown in. The first row of a table is its heading. */
export type Block =
  | { kind: 'title'; level: 1 | 2 | 3; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'banner'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; rows: string[][] }
  /** On a page closed until it is asked for; elsewhere its blocks stand in their place. */
  | { kind: 'fold'; title: string; blocks: Block[] };

/** How much is shown: all differences, or of the codes of findings and the patterns only those that tell something. */
export interface Extent {
  all: boolean;
  /** With `all`: what would be left out is folded, and so are pairs where there are many. */
  fold?: boolean;
}
