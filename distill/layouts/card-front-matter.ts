import { stringify } from 'yaml';

/** A column as the front matter of a dataset card declares it (`datasets` features). */
export type Feature = { name: string; dtype: 'string' } | { name: string; list: 'json' };

/** Which file holds which split, relative to the card. */
interface DataFile {
  split: string;
  path: string;
}

/** What the hub, and `load_dataset` of a folder, read from a card's front matter to find the splits. */
export interface CardConfig {
  config_name: 'default';
  data_files: readonly DataFile[];
}

/** A dataset card's front matter with its fences: the files of the splits and the types of the columns. */
export function cardFrontMatter(card: {
  dataFiles: readonly DataFile[];
  features: readonly Feature[];
}): string {
  const configs = [cardConfig(card.dataFiles)];
  return `---\n${stringify({ configs, dataset_info: { features: card.features } })}---\n`;
}

/** The `configs` entry of a card for the files of its splits. */
export function cardConfig(dataFiles: readonly DataFile[]): CardConfig {
  return { config_name: 'default', data_files: dataFiles };
}
