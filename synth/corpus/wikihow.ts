import type { SourceRow } from './source-row.ts';

const SECTIONS = ['methods', 'parts', 'sections'];
const LEAD = ['overview', 'introduction', 'intro', 'summary', 'description'];
const SECTION_NAME = ['sectionlabel', 'section', 'title', 'name', 'label', 'headline', 'method'];
const STEP_HEAD = ['headline', 'title', 'name', 'step', 'summary'];
const STEP_BODY = ['text', 'description', 'details', 'content', 'body'];

interface Section {
  name: string | null;
  steps: string[];
}

interface Article {
  lead: string | null;
  sections: Section[];
  /** Prose that goes with the steps but is not divided among them. */
  rest: string | null;
}

type Fields = Record<string, unknown>;

/**
 * Writes wikiHow's articles out as text (title, overview, numbered steps by section) in the field `text`.
 * Understands an article a row (its steps listed under methods, parts, sections or steps, or its headlines
 * as one string beside the text) and a step a row (neighbouring rows of one title make an article).
 * Rows of any other form pass unchanged.
 */
export async function* joinArticles(rows: AsyncIterable<SourceRow>): AsyncGenerator<SourceRow> {
  let open: { fields: Fields; title: string; article: Article } | null = null;
  for await (const row of rows) {
    const step = 'fields' in row ? stepRow(row.fields) : null;
    if (step !== null && open?.title === step.title) {
      addStep(open.article, step.section, step.text);
      continue;
    }
    if (open !== null) yield written(open.fields, open.article);
    open = null;
    if (step !== null && 'fields' in row) {
      open = { fields: row.fields, title: step.title, article: newArticle(step.lead) };
      addStep(open.article, step.section, step.text);
    } else {
      const article = 'fields' in row ? wholeArticle(row.fields) : null;
      yield 'fields' in row && article !== null ? written(row.fields, article) : row;
    }
  }
  if (open !== null) yield written(open.fields, open.article);
}

interface StepRow {
  title: string;
  lead: string | null;
  section: string | null;
  text: string;
}

/** A row that is one step: it says which section or overview it belongs to. */
function stepRow(fields: Fields): StepRow | null {
  const title = pick(fields, ['title']);
  const isStep = ['sectionlabel', 'overview'].some((name) => fieldOf(fields, name) !== undefined);
  if (title === null || !isStep || listedSections(fields).length > 0) return null;
  return {
    title,
    lead: pick(fields, LEAD),
    section: pick(fields, ['sectionlabel']),
    text: stepText(fields, ['headline']),
  };
}

function newArticle(lead: string | null): Article {
  return { lead, sections: [], rest: null };
}

function addStep(article: Article, name: string | null, text: string): void {
  if (text === '') return;
  const last = article.sections.at(-1);
  if (last !== undefined && last.name === name) last.steps.push(text);
  else article.sections.push({ name, steps: [text] });
}

function wholeArticle(fields: Fields): Article | null {
  const listed = listedSections(fields);
  if (listed.length > 0) return { lead: pick(fields, LEAD), sections: listed, rest: null };
  const headline = pick(fields, ['headline']);
  if (headline === null) return null;
  const steps = headline.split(/,?\s*\n/).filter((step) => step.trim() !== '');
  return { lead: null, sections: [{ name: null, steps }], rest: pick(fields, STEP_BODY) };
}

function listedSections(fields: Fields): Section[] {
  for (const name of SECTIONS) {
    const sections = listOf(fieldOf(fields, name)).map(sectionOf);
    if (sections.some(({ steps }) => steps.length > 0)) return sections;
  }
  const steps = stepsOf(fieldOf(fields, 'steps'));
  return steps.length === 0 ? [] : [{ name: null, steps }];
}

function sectionOf(value: unknown): Section {
  if (Array.isArray(value)) return { name: null, steps: stepsOf(value) };
  if (!isFields(value)) return { name: null, steps: stepsOf([value]) };
  return { name: pick(value, SECTION_NAME), steps: stepsOf(fieldOf(value, 'steps')) };
}

function stepsOf(value: unknown): string[] {
  return listOf(value)
    .map((step) => (isFields(step) ? stepText(step, STEP_HEAD) : String(step ?? '')))
    .filter((step) => step.trim() !== '');
}

function stepText(fields: Fields, head: readonly string[]): string {
  return [pick(fields, head), pick(fields, STEP_BODY)].filter((text) => text !== null).join(' ');
}

/** A list, also when it is written as JSON in a string, as tables do. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string' || !value.trim().startsWith('[')) return [];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return []; // prose that begins with a bracket
  }
}

function written(fields: Fields, { lead, sections, rest }: Article): SourceRow {
  const title = pick(fields, ['title']);
  const blocks = sections.flatMap(({ name, steps }) => [
    name,
    steps.map((step, index) => `${index + 1}. ${oneLine(step)}`).join('\n'),
  ]);
  const text = [title, lead, ...blocks, rest].filter((block) => block !== null).join('\n\n');
  return { fields: { ...fields, text } };
}

/** The files put a comma between headlines and leave it at their edges. */
function oneLine(step: string): string {
  return step
    .replace(/\s+/g, ' ')
    .replace(/^[ ,]+|[ ,]+$/g, '')
    .replace(/([.!?]) ?,+(?= |$)/g, '$1');
}

/** The first field of these names (case and underscores aside) that is a string with something in it. */
function pick(fields: Fields, names: readonly string[]): string | null {
  for (const name of names) {
    const value = fieldOf(fields, name);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}

function fieldOf(fields: Fields, name: string): unknown {
  const key = Object.keys(fields).find((field) => field.toLowerCase().replaceAll('_', '') === name);
  return key === undefined ? undefined : fields[key];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
