import type { PersonalKind } from '../../rules.ts';

/** How one form of personal data is found: what looks like it, and whether that is it. */
export interface Finder {
  kind: PersonalKind;
  /** With the flag g; what it finds is the group `value` where it has one. */
  pattern: RegExp;
  /** `before` is the text just in front. */
  accepts: (text: string, before: string) => boolean;
}
