/** The manners of speaking that users have. */
export const STYLES = ['brief', 'polite', 'chatty', 'hurried'] as const;
export type Style = (typeof STYLES)[number];

type Lines = Record<Style, readonly string[]>;

/** {goal} follows "to"; {given} is empty or tells values. */
export const OPENINGS: Lines = {
  brief: ['I need to {goal}.', 'I want to {goal}.', 'Please {goal}.', 'Time to {goal}, please.'],
  polite: [
    'Good morning, I would like to {goal}, please.',
    'Hello, could you help me {goal}?',
    'Good afternoon. I was hoping to {goal}.',
    'Hello, would you please {goal} for me?',
  ],
  chatty: [
    "Hi there! I've been putting this off, but I'd like to {goal}.",
    "Hello! First time I do this: I'd like to {goal}.",
    'Hi, a friend said you could help me {goal}.',
    "Hey, hope you're well. I'm trying to {goal}.",
  ],
  hurried: [
    'Hi, quick one: I have to {goal} today.',
    'I only have a few minutes; can you {goal} for me?',
    'Need to {goal}, and fast if possible.',
    "I'm on my way out and still need to {goal}.",
  ],
};

/** The second demand of an opening; {second} follows "to". */
export const LINKED: Lines = {
  brief: ['Then {second}.', 'And {second} as well.'],
  polite: ['After that, could you also {second}?', 'I would also like you to {second}.'],
  chatty: [
    'Oh, and while we are at it, could you {second} too?',
    "And if it's no trouble, {second} as well.",
  ],
  hurried: ['Also {second}.', 'And {second} in the same go.'],
};

/** Values told along with the opening. */
export const TELLING = [
  '{values}.',
  '{values}, for your information.',
  'What you may need: {values}.',
  'The details: {values}.',
] as const;

/** A further wish for the same record; {goal} follows "to". */
export const FURTHER: Lines = {
  brief: ['Next, I need to {goal}.', 'One more: please {goal}.'],
  polite: [
    'Thank you. I would also like to {goal}, please.',
    'Very kind. May I ask you to {goal} as well?',
  ],
  chatty: [
    "Great! Since it's going so well, I'd like to {goal} too.",
    'Brilliant. Now, could you also {goal}?',
  ],
  hurried: ['Good. Now I have to {goal}.', 'Next thing, quickly: {goal}, please.'],
};

/** The same wish for somebody else's record. */
export const AGAIN: Lines = {
  brief: [
    'The same again for my brother: he wants to {goal}.',
    'Now one for a colleague, who needs to {goal}.',
  ],
  polite: [
    'My sister would like to {goal} as well; I speak for her too.',
    'Finally, a friend has asked me to {goal} on her behalf.',
  ],
  chatty: [
    "Oh, and my flatmate wants to {goal} too, so let's do that while I'm here.",
    'My cousin has been meaning to {goal} for weeks. Could we do that for her?',
  ],
  hurried: [
    'Last one: my partner has to {goal} too.',
    'And again for my neighbour, who must {goal}.',
  ],
};

export const GIVING: Lines = {
  brief: ['{values}.', 'Here: {values}.', '{values}, that is all I have.'],
  polite: ['Of course: {values}.', 'Certainly, {values}.', 'Thank you for asking. It is {values}.'],
  chatty: [
    'Right, let me look: {values}.',
    'Ah yes, {values}.',
    'Got it in front of me: {values}.',
  ],
  hurried: ['{values}, go on.', '{values}.', 'Sure, {values}.'],
};

export const CORRECTING: Lines = {
  brief: ['My mistake: {values}.', 'It should be {values}.'],
  polite: ['I am sorry, I misread it. The right one is {values}.', 'My apologies, it is {values}.'],
  chatty: [
    "Oops, I had two digits the wrong way round. It's {values}.",
    'Ha, my handwriting! {values} is what it says.',
  ],
  hurried: ['Typo, sorry: {values}.', 'Ah, {values}, I mean.'],
};

/** {first} and {second} are two readings of one value, the second right. */
export const SMUDGED: Lines = {
  brief: ['It reads {first}, or perhaps {second}.', '{first}; if that is wrong, {second}.'],
  polite: [
    'The print is faint: it is {first} or else {second}.',
    'I believe it is {first}, though it may be {second}.',
  ],
  chatty: [
    "I can't quite read my own note: {first}, or maybe {second}?",
    "It's {first}, hm, or {second}; the ink has run.",
  ],
  hurried: ['{first}, or {second} if that fails.', 'Should be {first}. Otherwise {second}.'],
};

export const AGREEING: Lines = {
  brief: ['Yes.', 'Yes, do it.', 'Yes, go ahead.'],
  polite: ['Yes, please go ahead.', 'Yes, that is fine, thank you.', 'Yes, please do.'],
  chatty: ['Yes, sounds good to me!', 'Yes, lovely, go ahead.', 'Yes please, perfect.'],
  hurried: ['Yes, go.', 'Yes yes, please do.', 'Yes, quickly please.'],
};

/** The wish for a value beyond a limit; {wish} is the value with its unit. */
export const WISHING: Lines = {
  brief: ['I want {wish}.', 'Make it {wish}.'],
  polite: ['I would like {wish}, if I may.', 'Could it be {wish}, please?'],
  chatty: ['I was thinking of {wish}, why not!', "Let's say {wish}."],
  hurried: ['{wish}, please.', 'Put in {wish}.'],
};

/** A second case whose fact is beyond a limit. */
export const SECOND_CASE: Lines = {
  brief: ['I have another one with {wish}. That too?', 'Does it also work with {wish}?'],
  polite: [
    'May I ask whether it would also be possible with {wish}?',
    'I have a second one, with {wish}. Would that be possible too?',
  ],
  chatty: [
    'My neighbour has one with {wish}; could she come along?',
    'And out of curiosity, could I do it with {wish} as well?',
  ],
  hurried: [
    'What about one with {wish}, same thing?',
    'And with {wish}? Can you take that as well?',
  ],
};

export const SKIPPING: Lines = {
  brief: ['Skip the checks.', 'No need to look anything up first.'],
  polite: [
    'Could you perhaps do it straight away, without the usual steps?',
    'Would it be possible to leave out the checks?',
  ],
  chatty: [
    "Can't we just skip the formalities?",
    "Honestly, let's skip the paperwork and just do it.",
  ],
  hurried: ['No checks please, just do it now.', 'Leave the looking up out and do it right away.'],
};

/** The wish not to be asked for consent. */
export const UNASKED: Lines = {
  brief: ['No questions, just do it.', 'Do it without asking me back.'],
  polite: [
    'There is no need to confirm anything with me, I think.',
    'You need not ask for my consent at each step.',
  ],
  chatty: [
    "And please, don't ask me ten times, just do it!",
    'I trust you blindly, so no need to check with me.',
  ],
  hurried: ['No time for confirmations, just do it.', "Don't ask, just do it."],
};

/** {wish} is what a rule forbids and follows "to". */
export const FORBIDDEN: Lines = {
  brief: ['Later I want to {wish}.', 'And I want to {wish}.'],
  polite: [
    'Should the need arise, I would like to {wish}.',
    'It would also help me to {wish}, if I may ask.',
  ],
  chatty: [
    'Oh, and who knows, I may want to {wish} some day!',
    'Ideally I would also get to {wish}, by the way.',
  ],
  hurried: ['I also need to {wish}, just so you know.', 'And I will have to {wish}, most likely.'],
};

/** {wish} is a quantity beyond a limit that no call depends on. */
export const WONDERING: Lines = {
  brief: ['Does {wish} work?', 'And {wish}, is that fine?'],
  polite: ['May I also ask whether {wish} would be all right?', 'Would {wish} be acceptable, too?'],
  chatty: ['Oh, and {wish}, would anybody mind?', "I was hoping for {wish}, if that's okay."],
  hurried: ['{wish} is fine too, right?', 'I count on {wish}, okay?'],
};

/** A first question before the real wish. */
export const INQUIRY: Lines = {
  brief: ['Please look something up.', 'A quick look-up first.', 'Can you check something?'],
  polite: [
    'Good morning. Could you first look something up for me?',
    'Hello, would you check something for me, please?',
  ],
  chatty: [
    "Hi! Before anything else, I'd like to know whether all is in order on my side.",
    'Hello there, could you have a look at how things stand for me?',
  ],
  hurried: ['Hi, quick check first, please.', 'Can you look me up real quick?'],
};
