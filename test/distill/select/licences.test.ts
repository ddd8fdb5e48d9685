import { describe, expect, it } from 'vitest';
import { licenceRefusal } from '../../../distill/select/licences.ts';

const rules = (allow: string[], refuse: string[] = [], unknown: 'keep' | 'drop' = 'keep') => ({
  allow,
  refuse,
  unknown,
});

describe('licenceRefusal', () => {
  it.each([
    ['CC-BY-4.0', 'CC-BY'],
    ['cc by 4.0', 'CC-BY'],
    ['CC_BY-SA-3.0', 'cc-by-sa'],
    ['CC-BY-NC-4.0', 'CC-*'],
    ['GPL-2+', 'GPL'],
    ['GPL-2.0-or-later', 'GPL-2.0'],
    ['MIT License', 'MIT'],
    ['MPL-2.0 (parts under Apache-2.0)', 'MPL-2.0'],
    ['public domain (Unlicense)', 'public domain'],
    ['CC0-1.0 / US Government work', 'CC0-1.0'],
    ['(MIT AND ISC)', 'ISC', 'MIT'],
    ['GPL-3.0 OR MIT', 'MIT'],
  ])('allows %j by %j', (licence, ...allow) => {
    expect(licenceRefusal(licence, rules(allow))).toBeNull();
    expect(licenceRefusal(licence, rules([]))).toBeNull();
  });

  it.each([
    ['CC-BY-NC-4.0', 'CC-BY'],
    ['CC-BY-SA-4.0', 'CC-BY'],
    ['LGPL-3.0', 'GPL'],
    ['GPL-20', 'GPL-2'],
    ['MIT-0-derived', 'MIT-0-d'],
    ['MIT AND GPL-3.0', 'MIT'],
  ])('does not allow %j by %j', (licence, allow) => {
    expect(licenceRefusal(licence, rules([allow]))).toEqual({
      code: 'licence_not_allowed',
      text: `licences.allow (${allow}) does not name ${licence}`,
    });
  });

  it('refuses before it allows, and by any part that must be met', () => {
    const refusal = { code: 'licence_refused', text: 'licences.refuse names CC-BY-NC-4.0' };
    expect(licenceRefusal('CC-BY-NC-4.0', rules(['CC-*'], ['cc-by-nc']))).toEqual(refusal);
    expect(licenceRefusal('MIT AND GPL-3.0', rules([], ['GPL']))?.code).toBe('licence_refused');
    expect(licenceRefusal('MIT OR GPL-3.0', rules([], ['GPL']))).toBeNull();
  });

  it.each([null, '', '  '])('does with no licence (%j) what the rules say', (licence) => {
    expect(licenceRefusal(licence, rules(['MIT']))).toBeNull();
    expect(licenceRefusal(licence, rules(['MIT'], [], 'drop'))?.code).toBe('licence_unknown');
  });
});
