import { describe, expect, it } from 'vitest';
import { identifierShape } from '../../../distill/decontaminate/identifier-shape.ts';
import { identifierTokens } from '../../../distill/decontaminate/identifier-tokens.ts';

describe('identifierShape', () => {
  it.each([
    'emma_kim_9957',
    '#W9911714',
    'credit_card_3677959',
    '8302289002',
    'JG7FMM',
    'a6a7d745b2',
    'mia.garcia2723@example.com',
    'image_5421509146842474663.jpg',
    'd184e2c0-2ebb-4f39-a525-d5e01b67dc6c',
    'freeze_debit_card_3892',
  ])('takes %s for one that no chance makes', (text) => {
    expect(identifierShape(text)).toBe('specific');
  });

  it.each(['HAT178', 'EHGLP3', '617-555-0834'])('takes %s for a short one', (text) => {
    expect(identifierShape(text)).toBe('short');
  });

  it.each([
    'order',
    'transfer_to_human_agents',
    '2026-11-10',
    '12/2028',
    '20240515',
    '4.51947',
    '1,250.75',
    '94016',
    '12345',
    'card_1234',
    'john1234',
    'USR001',
    'summary_2024.txt',
    'enable_roaming_9',
    '092_20',
    'abc123token',
    'auth_token_987654321',
    'step 4711 of the plan',
  ])('takes %s for none', (text) => {
    expect(identifierShape(text)).toBeNull();
  });
});

describe('identifierTokens', () => {
  it('finds them in prose and in JSON, without the marks around them', () => {
    const prose = 'Cancel #W9911714 and (JG7FMM). I am emma_kim_9957, born 1990-01-02.';
    const json = '{"user_id":"emma_kim_9957","flights":["HAT178"],"note":"gate 12"}';
    expect(identifierTokens(prose)).toEqual(['w9911714', 'jg7fmm', 'emma_kim_9957', '1990-01-02']);
    expect(identifierTokens(json)).toEqual(['emma_kim_9957', 'hat178']);
  });
});
