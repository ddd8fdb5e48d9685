import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../core/trajectory.ts';
import { faultIndex } from '../../../synth/fault.ts';
import { EXAMPLE_CONVERSATION } from '../../../synth/stages/example.ts';

const at = (message_index: number | null): Finding => ({
  code: 'x',
  severity: 'error',
  message_index,
  path: null,
  text: '',
});

describe('the faulty part', () => {
  it('begins at the first message that a deciding finding names', () => {
    expect(faultIndex(EXAMPLE_CONVERSATION, [at(4), at(2), at(3)], null)).toBe(2);
  });

  it('begins where the judge points', () => {
    expect(faultIndex(EXAMPLE_CONVERSATION, [], { message_index: 3 })).toBe(3);
  });

  it.each([
    ['the system message is at fault', [at(4), at(0)], null],
    ['a finding is about the tools', [at(4), at(null)], null],
    ['a finding names a message that is not there', [at(9)], null],
    ['the judge names no message', [], { message_index: null }],
  ])('is the whole where %s', (_why, findings, verdict) => {
    expect(faultIndex(EXAMPLE_CONVERSATION, findings, verdict)).toBe(0);
  });
});
