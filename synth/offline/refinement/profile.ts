import type { Random } from '../seed.ts';
import type { Turn } from './turns.ts';

/** Who the user is and how that shows: said at the beginning, and again later. */
interface Profile {
  intro: string;
  echo: string;
}

const PROFILES: readonly ((name: string) => Profile)[] = [
  (name) => ({
    intro: `My name is ${name}; I do this beside a full-time job, so short answers suit me.`,
    echo: 'Short, as before, please.',
  }),
  (name) => ({
    intro: `This is ${name}. I keep a list of everything, so please give me the references.`,
    echo: 'The reference goes on my list again.',
  }),
  (name) => ({
    intro: `I am ${name}, and I look after this for my whole family.`,
    echo: 'My family will be glad.',
  }),
  (name) => ({
    intro: `${name} here, calling from the train, so I may be slow to answer.`,
    echo: 'Sorry for the wait, there was a tunnel.',
  }),
  (name) => ({
    intro: `I'm ${name}. I have never done this online, please bear with me.`,
    echo: 'I am getting the hang of it.',
  }),
];

/** Gives the user a person's name and situation, which come up in the first message and in a later one. */
export function withProfile(turns: readonly Turn[], random: Random): Turn[] {
  const holder = turns.flatMap((turn) =>
    turn.kind === 'call' && typeof turn.result.holder === 'string' ? [turn.result.holder] : [],
  )[0];
  const users = turns.flatMap((turn, index) => (turn.kind === 'user' ? [index] : []));
  const [first, ...later] = users;
  if (holder === undefined || first === undefined) return [...turns];
  const { intro, echo } = random.pick(PROFILES)(holder);
  const again = later.at(-1);
  return turns.map((turn, index) => {
    if (turn.kind !== 'user') return turn;
    if (index === first) return { ...turn, text: `${turn.text} ${intro}` };
    return index === again ? { ...turn, text: `${turn.text} ${echo}` } : turn;
  });
}
