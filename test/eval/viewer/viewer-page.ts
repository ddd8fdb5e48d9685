import { onTestFinished } from 'vitest';
import { startViewer, type Viewer } from '../../../eval/viewer/viewer.ts';

/** A viewer that ends with the test, and what its page would ask it. */
export interface TestViewer extends Viewer {
  origin: string;
  cookie: string;
  /** The JSON of an answer. */
  get(path: string): Promise<unknown>;
  post(path: string, value: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** Starts a viewer and waits until all rows are indexed. */
export async function viewerOf(...names: string[]): Promise<TestViewer> {
  const viewer = await startViewer(names, { port: 0, format: 'auto' });
  onTestFinished(() => viewer.close());
  await viewer.indexed;
  const entry = await fetch(viewer.url, { redirect: 'manual' });
  const cookie = entry.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { origin } = new URL(viewer.url);
  return {
    ...viewer,
    origin,
    cookie,
    get: async (path) => (await fetch(origin + path, { headers: { cookie } })).json(),
    post: (path, value, headers = {}) =>
      fetch(origin + path, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(value),
      }),
  };
}
