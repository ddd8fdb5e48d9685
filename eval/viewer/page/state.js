/** What is chosen on the page, and who is told when it changes. */
export const state = {
  /** Values by facet: Map of name to Set. */
  filter: new Map(),
  query: '',
  /** Which tool names the filter shows. */
  like: '',
  sources: [],
  /** The row that is read, and the one beside it; as the server gave them. */
  row: null,
  beside: null,
};

const listeners = new Map();

/** Calls back on a change: `filter`, `row`, `beside`, `mark`. */
export function on(change, listener) {
  listeners.set(change, [...(listeners.get(change) ?? []), listener]);
}

export function changed(change, detail) {
  for (const listener of listeners.get(change) ?? []) listener(detail);
}

/** The filter as a request's parameters. */
export function filterParameters() {
  return [...state.filter].flatMap(([facet, values]) => [...values].map((value) => [facet, value]));
}

/** Chooses a value of a facet, or leaves it. */
export function choose(facet, value, isChosen) {
  const values = state.filter.get(facet) ?? new Set();
  if (isChosen) values.add(value);
  else values.delete(value);
  state.filter.set(facet, values);
  changed('filter');
}
