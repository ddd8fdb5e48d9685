import { axolotlLayout } from './axolotl.ts';
import type { Layout, Trainer } from './layout.ts';
import { llamaFactoryLayout } from './llamafactory.ts';
import { swiftLayout } from './swift.ts';
import { trlLayout } from './trl.ts';

/** The layout of each trainer. */
export const LAYOUTS: Readonly<Record<Trainer, Layout>> = {
  trl: trlLayout,
  llamafactory: llamaFactoryLayout,
  swift: swiftLayout,
  axolotl: axolotlLayout,
};
