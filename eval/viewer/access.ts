import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A secret that is in the page's address once and then in a cookie: who cannot read the terminal has no way in. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Cookies of one host are shared by its ports: the name tells viewers apart. */
export function cookieName(port: number): string {
  return `gem_traj_view_${port}`;
}

/** Whether a request comes to this machine by its own name: pages of other names that lead here are turned away. */
export function isLocalHost({ headers: { host = '' } }: IncomingMessage): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/.test(host);
}

/** Whether a request has the token in its cookie. */
export function hasCookie({ headers }: IncomingMessage, name: string, token: string): boolean {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.some(
    (pair) => pair.startsWith(`${name}=`) && isSame(pair.slice(name.length + 1), token),
  );
}

/** Whether a text is the token; takes the same time for all that are not. */
export function isSame(text: string | null, token: string): boolean {
  const [given, wanted] = [Buffer.from(text ?? ''), Buffer.from(token)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Whether what changes something was sent by our own page. */
export function isOwnPage({ headers }: IncomingMessage): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  const isJson = (headers['content-type'] ?? '').startsWith('application/json');
  const sameOrigin = origin === undefined || origin === `http://${host}`;
  return isJson && sameOrigin && (site === undefined || site === 'same-origin');
}
