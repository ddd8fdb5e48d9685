export type PresetName = 'ultra-fineweb' | 'wikihow';

/** What is known of a public corpus beforehand. */
export interface Preset {
  /** Fields that may hold the text, the first that exists is taken. */
  text: readonly string[];
  /** Whether articles in steps, whole or one step a row, are written out as numbered lines. */
  steps: boolean;
  /** Fields that mark a JSON object as one document. */
  document: readonly string[];
}

export const PRESETS: Record<PresetName, Preset> = {
  // Rows of content, score (of the quality classifier) and source (the crawl it is from, not an address).
  'ultra-fineweb': { text: ['content'], steps: false, document: ['content'] },
  // Rows of title, headline, text (an article a row); of overview, headline, text, sectionLabel, title
  // (a step a row); or articles with their methods, parts or steps as lists.
  wikihow: {
    text: ['text', 'article', 'content'],
    steps: true,
    document: ['text', 'methods', 'parts', 'sections', 'steps'],
  },
};
