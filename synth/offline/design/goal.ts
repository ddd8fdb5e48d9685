import type { Action } from '../text/action.ts';
import type { Reading } from '../text/reading.ts';
import { isPlural, singular } from '../words/grammar.ts';
import { CLIENTS, DETERMINERS, PLACES, RECORDS, STAFF, STOPS, WEAK } from '../words/nouns.ts';
import { PARTICIPLES, VERBS } from '../words/verbs.ts';

/** Verbs that a service is asked for. */
const SERVICES =
  /^(?:book|reserve|order|apply|request|renew|extend|change|cancel|freeze|return|register|enrol|enroll|borrow|hire|rent|claim|submit|redirect|exchange|redeem|transfer|restore|reset|replace|repair|upgrade|redeem|report|appeal|dispute|move|adjust|turn|switch|set|create|configure|insert|install|configure|connect|share|record|schedule|convert|remove|add|export|import|cook|bake|roast|simmer|boil|fry|activate|pair|list|join|redirect|dispute|defer|rebook|descale|donate|withdraw|post)$/;
/** What a service does against someone, or what only hands can do. */
const SANCTIONS =
  /^(?:sign|invite|raise|enter|type|fill|attach|collect|charge|refuse|reject|lock|block|delete|mark|bill|deduct|suspend|revoke|terminate|limit|restrict|raise|close|stop|name|put|place|hold|press|fit|drop|admit|load|hand|allow|grant)$/;

const FORM_SCORES: Record<Action['form'], number> = {
  title: 8,
  actor: 1,
  order: 1.5,
  passive: -1.5,
};

/** The operations that could be tools, best goal first. */
export function rankedActions(reading: Reading): Action[] {
  const counts = wordCounts(reading.text);
  const last = Math.max(1, reading.sentences.length);
  const score = (action: Action): number =>
    (action.negated ? -20 : 0) +
    FORM_SCORES[action.form] +
    (action.by === 'client' ? 1.5 : 0) +
    (action.kind === 'write' || action.kind === 'cook' ? 3 : action.kind === 'move' ? -3 : -1) +
    (SERVICES.test(action.verb) ? 2.5 : 0) +
    (SANCTIONS.test(action.verb) ? -3 : 0) +
    Math.min(counts.get(singular(action.object.head)) ?? 0, 6) * 0.8 +
    (1 - action.sentence / last) +
    (RECORDS.has(singular(action.object.head)) ? 1 : 0) +
    (reading.limits.some(({ sentence }) => sentence === action.sentence) ? 1.5 : 0);
  const cooking = isKitchen(reading);
  return distinct(reading.actions)
    .filter(({ kind }) => cooking || kind !== 'cook')
    .map((action) => ({ action, score: score(action) }))
    .sort((a, b) => b.score - a.score)
    .map(({ action }) => action);
}

/** Whether a text is about cooking: "serve" and "freeze" mean something else elsewhere. */
export function isKitchen({ actions }: Reading): boolean {
  return actions.filter(({ kind, form }) => kind === 'cook' && form === 'order').length >= 2;
}

/** One action for each verb and object. */
function distinct(actions: readonly Action[]): Action[] {
  const seen = new Map<string, Action>();
  for (const action of actions) {
    const key = `${action.verb} ${action.particle} ${singular(action.object.head)}`;
    const known = seen.get(key);
    if (known === undefined || (known.negated && !action.negated)) seen.set(key, action);
  }
  return [...seen.values()];
}

/** How often each word of the text occurs, in the singular and lower case. */
function wordCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.toLowerCase().matchAll(/[a-z][a-z-]+/g)) {
    const one = singular(word);
    counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return counts;
}

/** How a service is asked for what a noun names: "file" for a claim. */
const ASKED_FOR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    booking: 'create',
    appointment: 'book',
    claim: 'file',
    application: 'submit',
    request: 'submit',
    permit: 'apply for',
    order: 'place',
    refund: 'request',
    extension: 'request',
    transfer: 'request',
    collection: 'request',
    report: 'file',
    reservation: 'make',
    complaint: 'file',
    exchange: 'request',
    visit: 'book',
    loan: 'request',
    appeal: 'file',
    certificate: 'order',
    visa: 'apply for',
    grant: 'apply for',
    deferral: 'request',
    correction: 'request',
    repair: 'report',
    prescription: 'request',
    course: 'book',
    lane: 'book',
    voucher: 'request',
    tour: 'book',
    redirection: 'request',
    session: 'book',
    service: 'book',
    subscription: 'order',
    delivery: 'schedule',
    licence: 'apply for',
    slot: 'book',
    accreditation: 'apply for',
    reimbursement: 'request',
    lesson: 'book',
    inspection: 'schedule',
    viewing: 'book',
    plot: 'request',
    place: 'book',
    stay: 'book',
    room: 'book',
    table: 'book',
    entry: 'submit',
    quotation: 'request',
    copy: 'order',
    replacement: 'request',
    hall: 'book',
    membership: 'apply for',
    card: 'order',
    seat: 'book',
    ticket: 'order',
    print: 'order',
    account: 'set up',
    dispute: 'file',
    firing: 'book',
    resit: 'register for',
  }),
);

export interface NominalGoal {
  verb: string;
  noun: string;
}

/** What the passage is about as something to ask for, by how often it names it; undefined below `least` times. */
export function nominalGoal(reading: Reading, least: number): NominalGoal | undefined {
  // What a reference number already stands for exists.
  const keys = new Set(reading.identifiers.map(({ noun }) => noun));
  const known = [...wordCounts(reading.text)].filter(
    ([word, count]) => ASKED_FOR.has(word) && count >= least && !keys.has(word),
  );
  const noun = known.sort((a, b) => b[1] - a[1])[0]?.[0];
  const verb = noun === undefined ? undefined : ASKED_FOR.get(noun);
  return noun === undefined || verb === undefined ? undefined : { verb, noun };
}

/** Whether an action is only a step on the way, or done against someone. */
export function isIncidental({ verb, object }: Action): boolean {
  return SANCTIONS.test(verb) || /^(?:list|name|sheet|agreement|email|e-mail)$/.test(object.head);
}

/** Whether an action is what people come for, rather than a step beside it. */
export function isService(action: Action, reading: Reading): boolean {
  const count = wordCounts(reading.text).get(singular(action.object.head)) ?? 0;
  if (action.form === 'title' || action.kind === 'cook') return true;
  return (
    SERVICES.test(action.verb) &&
    count >= (action.form === 'passive' || action.by === 'staff' ? 4 : 2)
  );
}

/** The noun that a passage without a clear operation is about: one of a known kind of record, or the commonest. */
export function mainNoun(reading: Reading): string | undefined {
  const scores = new Map<string, number>();
  for (const [word, count] of wordCounts(reading.text)) {
    if (
      word.length < 4 ||
      STOPS.has(word) ||
      WEAK.has(word) ||
      DETERMINERS.has(word) ||
      isPersonOrPlace(word)
    )
      continue;
    if (PARTICIPLES.has(word) || !RECORDS.has(word)) continue;
    scores.set(word, count + (VERBS.has(word) ? 0 : 0.5));
  }
  return [...scores].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** The client that the text speaks of most ("member"), at least twice; else undefined. */
export function clientOf(text: string): string | undefined {
  const [word, count] = commonest(text, CLIENTS) ?? [];
  return count !== undefined && count >= 2 ? word : undefined;
}

/** The service that the text speaks of ("harbour office"), with its article left out. */
export function placeOf(text: string): string | undefined {
  const counts = new Map<string, number>();
  for (const [, words = ''] of text.matchAll(
    /\b(?:the|our|a|an|at|your) ((?:[a-z-]+ ){0,1}[a-z]{3,})\b/g,
  )) {
    const parts = words.split(' ');
    const head = parts.at(-1) ?? '';
    if (!PLACES.has(head) || isPlural(head)) continue;
    const modifier = parts.length > 1 ? (parts[0] ?? '') : '';
    const bare =
      modifier === '' ||
      STOPS.has(modifier) ||
      DETERMINERS.has(modifier) ||
      /ly$|ed$|est$|^(?:cost|partner|nearest|pick-up|group|data|call|side|city|job)$/.test(
        modifier,
      );
    if (
      bare &&
      /^(?:counter|desk|station|department|branch|centre|center|court|office|pool|garage|line)$/.test(
        head,
      )
    )
      continue;
    const name = bare ? head : words;
    counts.set(name, (counts.get(name) ?? 0) + (bare ? 1 : 2));
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function commonest(text: string, among: ReadonlySet<string>): [string, number] | undefined {
  const counts = [...wordCounts(text)].filter(([word]) => among.has(word));
  return counts.sort((a, b) => b[1] - a[1])[0];
}

function isPersonOrPlace(word: string): boolean {
  return CLIENTS.has(word) || STAFF.has(word) || PLACES.has(word);
}
