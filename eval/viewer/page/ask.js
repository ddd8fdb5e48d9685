import { notice } from './dom.js';

/** Asks the server for JSON; what went wrong is shown and thrown. */
export async function ask(path, parameters = {}, options = {}) {
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`, options).catch(gone);
  const value = await response.json();
  if (!response.ok) fail(value.problem ?? response.statusText);
  return value;
}

/** The text of an answer, as it is. */
export async function askText(path, parameters) {
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`).catch(gone);
  if (!response.ok) fail((await response.json()).problem);
  return response.text();
}

export function tell(path, value) {
  const headers = { 'Content-Type': 'application/json' };
  return ask(path, {}, { method: 'POST', headers, body: JSON.stringify(value) });
}

/** The lines of an answer, each as its JSON, as they come. */
export async function* askLines(path, parameters, signal) {
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`, { signal });
  if (!response.ok) fail((await response.json()).problem);
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let begun = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (begun + decoder.decode(value, { stream: true })).split('\n');
    begun = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

function gone(error) {
  if (error.name === 'AbortError') throw error;
  fail('The viewer does not answer: was it ended?');
}

function fail(problem) {
  notice(problem);
  throw new Error(problem);
}
