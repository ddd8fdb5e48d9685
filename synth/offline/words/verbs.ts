/** What a verb does to the service's records; `move` is a step through menus and pages. */
export type VerbKind = 'read' | 'write' | 'move' | 'cook';

const READ = `check verify look find search review inspect view list compare test measure weigh count examine
scan identify locate monitor track calculate estimate determine validate preview browse consult assess
evaluate retrieve query audit trace match`;
const WRITE = `book reserve cancel change modify update create add remove delete assign issue renew extend
return refund pay charge send submit register record enter apply approve reject refuse transfer move upload
download install uninstall set switch turn enable disable activate deactivate block unblock lock unlock
schedule reschedule postpone order replace repair report close file sign attach print save export import
copy paste rename share invite block mute configure adjust connect disconnect pair sync back restore reset
restart reboot charge collect deliver ship pack label store place put lend borrow loan hold release waive
deduct credit debit deposit withdraw allocate log request complete fill upgrade downgrade exchange redeem
subscribe unsubscribe enrol enroll grant revoke suspend reinstate reactivate terminate escalate forward
archive publish post tag mark merge split insert edit format convert encrypt decrypt mount load unload fit
attach drain refill top dispatch route stop pause resume seal clean sterilise sterilize calibrate feed
water plant harvest prune tow park moor berth admit discharge prescribe dispense appoint nominate
authorise authorize notify document swap rent hire claim settle invoice bill raise lower increase decrease
limit restrict allow link unlink bind group ungroup align rotate resize crop define name assemble
dispose collect drop hand quarantine vaccinate tighten loosen drill cut glue paint mix rinse wash dry
empty turn switch arm disarm stack stamp freeze thaw draft amend correct clear waitlist recall cap fetch
process prepare provision migrate deploy commit push pull clone roll rebuild index obtain provide make redirect reroute defer rebook descale donate adopt sponsor join dispute appeal
withdraw post board enforce invite unfreeze extend reclaim`;
const MOVE =
  'open click press choose select tap go double-click right-click launch start navigate expand scroll type drag pick hover';
const COOK = `boil fry bake roast simmer stew grill steam chop slice dice peel stir whisk knead blend season
marinate heat preheat reheat cook soak saute sauté brown melt pour serve sprinkle mash drain toss grate cool
chill spread cover combine mince brush fold beat garnish`;

const DOUBLED = new Set(
  `stop plan submit transfer refer ship drop drag tap top fit cap put set scan swap crop log tag permit commit
  admit hit cut pin wrap trim strip stir chop input format`.split(/\s+/),
);
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    find: 'found',
    send: 'sent',
    pay: 'paid',
    put: 'put',
    set: 'set',
    lend: 'lent',
    hold: 'held',
    split: 'split',
    feed: 'fed',
    bind: 'bound',
    cut: 'cut',
    freeze: 'frozen',
    choose: 'chosen',
    go: 'gone',
    spread: 'spread',
    format: 'formatted',
    cancel: 'cancelled',
    label: 'labelled',
    log: 'logged',
    enrol: 'enrolled',
    reset: 'reset',
    beat: 'beaten',
    dry: 'dried',
    undo: 'undone',
    make: 'made',
    write: 'written',
    draw: 'drawn',
    refit: 'refitted',
    withdraw: 'withdrawn',
    rebuild: 'rebuilt',
    unfreeze: 'unfrozen',
  }),
);

function entries(words: string, kind: VerbKind): [string, VerbKind][] {
  return words.split(/\s+/).map((word) => [word, kind]);
}

/** Verbs in their base form that stand for an operation. */
export const VERBS: ReadonlyMap<string, VerbKind> = new Map([
  ...entries(COOK, 'cook'),
  ...entries(WRITE, 'write'),
  ...entries(READ, 'read'),
  ...entries(MOVE, 'move'),
]);

/** "assigned" for "assign". */
export function participle(verb: string): string {
  const irregular = IRREGULAR.get(verb);
  if (irregular !== undefined) return irregular;
  if (verb.endsWith('e')) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  return DOUBLED.has(verb) ? `${verb}${verb.at(-1)}ed` : `${verb}ed`;
}

/** "assigning" for "assign". */
function gerund(verb: string): string {
  if (verb.endsWith('ie')) return `${verb.slice(0, -2)}ying`;
  if (/[^eo]e$/.test(verb)) return `${verb.slice(0, -1)}ing`;
  if (verb === 'cancel' || verb === 'label' || verb === 'enrol') return `${verb}ling`;
  return DOUBLED.has(verb) || verb === 'split' ? `${verb}${verb.at(-1)}ing` : `${verb}ing`;
}

/** "assigns" for "assign". */
function thirdPerson(verb: string): string {
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  return /(?:s|sh|ch|x|z|o)$/.test(verb) ? `${verb}es` : `${verb}s`;
}

function formsOf(form: (verb: string) => string): ReadonlyMap<string, string> {
  return new Map([...VERBS.keys()].map((verb) => [form(verb), verb]));
}

/** From a form back to the base form. */
export const THIRD_PERSONS = formsOf(thirdPerson);
export const PARTICIPLES: ReadonlyMap<string, string> = new Map([
  ...formsOf(participle),
  ['canceled', 'cancel'],
  ['labeled', 'label'],
]);
export const GERUNDS: ReadonlyMap<string, string> = new Map([
  ...formsOf(gerund),
  ['canceling', 'cancel'],
]);

/** Second words that belong to a verb and to a tool's name ("turn on"). */
export const PARTICLES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    turn: ['on', 'off', 'up', 'down'],
    switch: ['on', 'off'],
    fill: ['in', 'out'],
    look: ['up', 'for'],
    search: ['for'],
    check: ['in', 'out'],
    apply: ['for'],
    back: ['up'],
    top: ['up'],
    hand: ['in', 'over', 'out'],
    drop: ['off'],
    pick: ['up'],
    log: ['in', 'out'],
    sign: ['up'],
    set: ['up'],
    close: ['down'],
    roll: ['back'],
    click: ['on'],
    tap: ['on'],
    go: ['to'],
    navigate: ['to'],
    put: ['on', 'in'],
    send: ['in', 'back'],
    pay: ['for', 'back'],
    dispose: ['of'],
    subscribe: ['to'],
    unsubscribe: ['from'],
    connect: ['to'],
  }),
);

/** Verbs that mean nothing without one of their particles. */
export const NEEDS_PARTICLE = new Set([
  'look',
  'turn',
  'go',
  'apply',
  'dispose',
  'back',
  'hand',
  'top',
  'navigate',
]);

/** Verbs whose object comes into being by them. */
export const CREATES =
  /^(?:book|reserve|order|apply|request|register|create|submit|file|report|claim|issue|insert|schedule|enrol|enroll|hire|rent|borrow|appeal|dispute|write|draft|make)$/;
