/** A deed that a rule forbids; one sentence with the rule. */
export const FORBIDDING = [
  'I cannot let you {wish}, since the rule says: {rule}',
  'To {wish} is not possible: {rule}',
  'As for your wish to {wish}, that is not allowed: {rule}',
  'Unfortunately it is not permitted to {wish}: {rule}',
] as const;

export const ASKING = [
  'Happy to help. Could you tell me {asked}?',
  'Certainly. May I ask {asked}?',
  'I can do that. What I need first: {asked}?',
  'Of course. Would you give me {asked}?',
  'Gladly. Before I start, can you tell me {asked}?',
  'For that I need {asked}. Can you help me there?',
] as const;

export const NOT_FOUND = [
  'I could not find {value}. Could you check it again?',
  'There is no entry for {value}. Would you look once more?',
  'The search for {value} brought nothing. Could there be a typing error?',
  '{value} is not known here. Could you check it?',
] as const;

export const CONFIRMING = [
  'I would now {goal}{details}. Shall I go ahead?',
  'Next I would {goal}{details}. Is that all right?',
  'I am ready to {goal}{details}. Do you confirm?',
  'May I {goal}{details}?',
  'If you agree, I will {goal}{details}. Yes?',
] as const;

/** The plan at the beginning; {first} is what is looked up before. */
export const PLANNING = [
  'I would {first} and then {goal}{details}. Shall I?',
  'If you agree, I will {first}, then {goal}{details}. All right?',
  'May I {first} and, if all is well, {goal}{details}?',
  'My plan: {first}, then {goal}{details}. Do you confirm?',
] as const;

export const NOTING = [
  'Please note: {rule}',
  'One rule to keep in mind: {rule}',
  'You should know this: {rule}',
  'So that there is no surprise: {rule}',
  'A word on the rules: {rule}',
] as const;

/** Refusals are one sentence with the rule, so that no reader takes them apart. */
export const REFUSING = [
  'I cannot do {wish}, since the rule says: {rule}',
  '{wish} is not possible, I am afraid: {rule}',
  'Unfortunately {wish} is not allowed: {rule}',
  'I have to say no to {wish}, which is not permitted: {rule}',
] as const;

export const OFFERING = [
  'What I can do is {limit}.',
  'The nearest I can offer is {limit}.',
  'I could go as far as {limit}.',
  '{limit} would be within the rules.',
] as const;

export const NO_SKIPPING = [
  'I cannot leave that out, as the rule here is: {rule}',
  'I understand, but skipping it is not allowed: {rule}',
  'That is not possible, because one rule is fixed: {rule}',
  'Sorry, I cannot skip this: {rule}',
] as const;
