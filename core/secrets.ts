/** Shorter words are no secrets: `none` or `EMPTY`, what local servers are given, stand in many texts. */
const SHORTEST = 8;

/** The keys that this process uses, in the forms in which a text can repeat them; the longest first. */
let known: string[] = [];

/** From now on this key is left out of what withoutKeys and withoutSecrets give. */
export function keepSecret(key: string): void {
  if (key.length < SHORTEST) return;
  const forms = [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)];
  known = [...new Set([...known, ...forms])].sort((a, b) => b.length - a.length);
}

/** A text with stars in place of the keys in use: a server may repeat what it was sent. */
export function withoutKeys(text: string): string {
  let clean = text;
  for (const key of known) if (clean.includes(key)) clean = clean.replaceAll(key, '***');
  return clean;
}

const USER_IN_URL = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi;

/** A message for people: as withoutKeys, and without what a URL says before its host. */
export function withoutSecrets(message: string): string {
  return withoutKeys(message.replace(USER_IN_URL, '$1***@'));
}
