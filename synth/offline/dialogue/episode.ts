import { listed } from '../words/grammar.ts';
import { type Conflict, conflictOf, refusal, spend, wishText } from './conflict.ts';
import { fill } from './fill.ts';
import { valuesOf } from './given.ts';
import { asked, label, measuredValue, sentence, told, toldAll } from './labels.ts';
import { type Mistake, mistakeOf } from './mistake.ts';
import * as phrases from './phrases.ts';
import * as replies from './replies.ts';
import { reportOf, shortReport } from './reports.ts';
import type { Episode, Scene, Values } from './scene.ts';
import type { Arguments } from './script.ts';
import { newsOf } from './telling.ts';
import type { ParameterModel, ToolModel } from './tool-model.ts';

/** Plays a matter into the scene's script: wish, question, lookups, consent, writes, closing. */
export function playEpisode(scene: Scene, episode: Episode): void {
  new Play(scene, episode).run();
}

class Play {
  readonly #scene: Scene;
  readonly #episode: Episode;
  readonly #values: Values;
  readonly #conflict: Conflict | undefined;
  readonly #mistake: Mistake | undefined;
  readonly #withheld: ParameterModel[];
  #noted: boolean;

  constructor(scene: Scene, episode: Episode) {
    const { random } = scene;
    const { patterns, path } = episode;
    this.#scene = scene;
    this.#episode = episode;
    this.#values = valuesOf(path, scene);
    this.#conflict = patterns.has('rule_conflict')
      ? conflictOf(scene, episode, this.#values)
      : undefined;
    const asks = patterns.has('clarification');
    this.#mistake = patterns.has('error_recovery')
      ? mistakeOf(scene, episode, this.#values, asks || random.chance(0.5))
      : undefined;
    this.#withheld = asks ? this.#chooseWithheld() : [];
    this.#noted = !patterns.has('rule_awareness');
  }

  run(): void {
    const { script, random, style } = this.#scene;
    const writes = this.#episode.path.filter((tool) => tool.writes);
    const given = [...this.#values.keys()].filter((one) => !this.#withheld.includes(one));
    script.user(
      joined(
        this.#episode.opening,
        wishText(this.#conflict, this.#scene),
        this.#telling(given, true),
      ),
    );
    const asks = this.#withheld.length > 0;
    if (asks) this.#clarify();
    else if (this.#conflict !== undefined) this.#agreeOnPlan(writes);
    const reports = this.#read();
    const planned = !asks && this.#conflict !== undefined;
    if (writes.length > 0 && !planned) {
      script.assistant(
        joined(
          reports,
          this.#note(random.pick([0.5, 1])),
          this.#confirmation(replies.CONFIRMING, writes),
        ),
      );
      script.user(fill(phrases.AGREEING[style], random));
    }
    const done = writes.map((tool, index) => this.#perform(tool, index > 0));
    script.assistant(joined(writes.length > 0 ? '' : reports, ...done, this.#note(1)));
  }

  /** The answer to a wish against the rules when nothing else is missing: no, and what will be done instead. */
  #agreeOnPlan(writes: readonly ToolModel[]): void {
    const { script, random, style } = this.#scene;
    const first = listed(this.#episode.path.filter((tool) => !tool.writes).map(spokenPhrase));
    const plan =
      writes.length === 0 || first === ''
        ? this.#confirmation(replies.CONFIRMING, writes)
        : this.#confirmation(replies.PLANNING, writes, first);
    script.assistant(joined(this.#refusal(), this.#note(0.5), plan));
    script.user(joined(this.#acceptance(), fill(phrases.AGREEING[style], random)));
  }

  /** The user takes what the rules allow. */
  #acceptance(): string {
    if (this.#conflict?.kind !== 'choice') return '';
    const value = measuredValue(this.#conflict.parameter, this.#conflict.limit);
    return this.#scene.random.pick([
      `${value} it is, then.`,
      `Then ${value}.`,
      `All right, ${value}.`,
    ]);
  }

  /** What the user keeps back until asked: the references or, now and then, everything. */
  #chooseWithheld(): ParameterModel[] {
    const { random } = this.#scene;
    const wished = this.#conflict?.kind === 'choice' ? this.#conflict.parameter : undefined;
    const all = [...this.#values.keys()].filter((one) => one !== wished);
    const keys = all.filter(
      (one) =>
        one === this.#mistake?.parameter || (one.options === undefined && one.type === 'string'),
    );
    if (keys.length === 0 || random.chance(0.5))
      return all.length > 0 ? all : [...this.#values.keys()];
    return keys;
  }

  #clarify(): void {
    const { script, random, style } = this.#scene;
    const question = fill(replies.ASKING, random, { asked: listed(this.#withheld.map(asked)) });
    script.assistant(joined(this.#refusal(), this.#note(random.pick([0, 0.6])), question));
    const telling = this.#telling(this.#withheld, false);
    script.user(
      joined(this.#acceptance(), telling === '' ? fill(phrases.AGREEING[style], random) : telling),
    );
  }

  /** The user's values as text: mistyped or in two readings where there is a mistake. */
  #telling(parameters: readonly ParameterModel[], opening: boolean): string {
    const { random, style } = this.#scene;
    const wished = this.#conflict?.kind === 'choice' ? this.#conflict.parameter : undefined;
    const mistake = this.#mistake;
    const shown = parameters.filter(
      (one) => one !== wished && !(mistake?.both === true && one === mistake.parameter),
    );
    const pairs = shown.map((one) =>
      told(one, one === mistake?.parameter ? mistake.wrong : (this.#values.get(one) ?? '')),
    );
    const plain =
      pairs.length === 0
        ? ''
        : opening
          ? sentence(fill(phrases.TELLING, random, { values: listed(pairs) }))
          : fill(phrases.GIVING[style], random, { values: listed(pairs) });
    if (mistake?.both !== true || !parameters.includes(mistake.parameter)) return plain;
    const right = String(this.#values.get(mistake.parameter));
    const unsure = fill(phrases.SMUDGED[style], random, {
      first: String(mistake.wrong),
      second: right,
    });
    return joined(
      opening ? `About the ${label(mistake.parameter)}: ${lowerFirst(unsure)}` : unsure,
      plain,
    );
  }

  /** The lookups, with the mistake where there is one; returns what the assistant reports of them. */
  #read(): string {
    const { script, random, style } = this.#scene;
    const reads = this.#episode.path.filter((tool) => !tool.writes);
    return joined(
      ...reads.map((tool) => {
        const mistake = this.#mistake;
        if (mistake?.tool === tool) {
          script.call(
            tool.name,
            { ...this.#arguments(tool), [mistake.parameter.name]: mistake.wrong },
            mistake.error,
          );
          if (!mistake.both) {
            script.assistant(
              fill(replies.NOT_FOUND, random, {
                value: `${label(mistake.parameter)} ${mistake.wrong}`,
              }),
            );
            script.user(
              fill(phrases.CORRECTING[style], random, {
                values: String(this.#values.get(mistake.parameter)),
              }),
            );
          }
        }
        return this.#perform(tool);
      }),
    );
  }

  #perform(tool: ToolModel, further = false): string {
    const { script, world, random, ids } = this.#scene;
    const args = this.#arguments(tool);
    const result = world.answer(tool, args);
    script.call(tool.name, args, result);
    for (const [name, value] of Object.entries(result))
      if (name.endsWith('_id') && typeof value === 'string') ids.set(name, value);
    return further ? shortReport(tool, result) : reportOf(tool, args, result, random);
  }

  #arguments(tool: ToolModel): Arguments {
    const { ids } = this.#scene;
    return Object.fromEntries(
      tool.parameters.map((one) => [
        one.name,
        (one.source === undefined ? undefined : ids.get(one.name)) ?? this.#values.get(one) ?? '',
      ]),
    );
  }

  #confirmation(lines: readonly string[], writes: readonly ToolModel[], first = ''): string {
    const pairs = writes
      .flatMap(({ parameters }) => parameters)
      .flatMap((one) => {
        const value = this.#values.get(one);
        return value === undefined ? [] : [[one, value] as const];
      });
    const goal = listed(writes.map(({ phrase }) => phrase));
    return fill(lines, this.#scene.random, {
      first,
      goal,
      details: pairs.length === 0 ? '' : ` (${toldAll(pairs)})`,
    });
  }

  #refusal(): string {
    return this.#conflict === undefined ? '' : refusal(this.#conflict, this.#scene);
  }

  /** A rule that nobody asked about, once, with this probability. */
  #note(probability: number): string {
    const { rules, random, consent, script } = this.#scene;
    if (this.#noted || !random.chance(probability)) return '';
    const rule =
      newsOf(rules, script.messages) ?? newsOf([consent.told], script.messages) ?? rules[0];
    if (rule === undefined) return '';
    this.#noted = true;
    spend(this.#scene, rule);
    return fill(replies.NOTING, random, { rule });
  }
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** What a lookup is called in a sentence: its tool may be described as "Get the card by card number". */
function spokenPhrase(tool: ToolModel): string {
  const [key] = tool.parameters;
  if (tool.returns.includes('session_id')) return 'open the session';
  return / by /.test(tool.phrase) && key !== undefined ? `look up the ${label(key)}` : tool.phrase;
}

function lowerFirst(text: string): string {
  return /^(?:I|[A-Z]{2}|[A-Z]-)/.test(text)
    ? text
    : text.slice(0, 1).toLowerCase() + text.slice(1);
}
