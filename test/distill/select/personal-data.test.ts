import { describe, expect, it } from 'vitest';
import type { Message } from '../../../core/conversation.ts';
import { sha256 } from '../../../core/hash.ts';
import { PersonalKind } from '../../../distill/rules.ts';
import { findPersonalData } from '../../../distill/select/personal-data/find.ts';
import { maskPersonalData } from '../../../distill/select/personal-data/mask.ts';
import { personalDataOf } from '../../../distill/select/personal-data/of-row.ts';
import { rowOf, rulesOf } from './rows.ts';

const found = (text: string, allow: string[] = []): string[] =>
  findPersonalData(text, PersonalKind.options, allow).map((value) => `${value.kind} ${value.text}`);

describe('findPersonalData', () => {
  it.each([
    ['Write to jo.o-neil+tax@mail.city-hall.org.', 'email jo.o-neil+tax@mail.city-hall.org'],
    ['müller@köln-amt.de', 'email müller@köln-amt.de'],
    ['Office: (415) 867-2211 (TTY: 711)', 'phone (415) 867-2211'],
    ['1-800-827-1000 711', 'phone 1-800-827-1000'],
    ['415.867.2211', 'phone 415.867.2211'],
    ['+49 30 901820-55', 'phone +49 30 901820-55'],
    ['Tel.: 030 901820', 'phone 030 901820'],
    ['call 0161 496 2211 today', 'phone 0161 496 2211'],
    ['card 4539 1488 0343 6467', 'card 4539 1488 0343 6467'],
    ['6011-5005-6738-1424', 'card 6011-5005-6738-1424'],
    ['4539 1488 0343 6467 12/27, CVV 123', 'card 4539 1488 0343 6467'],
    ['4539148803436467 124', 'card 4539148803436467'],
    ['row 2 4539 1488 0343 6467', 'card 4539 1488 0343 6467'],
    ['DE89370400440532013000 BIC COBADEFFXXX', 'iban DE89370400440532013000'],
    ['DE89 3704 0044 0532 0130 00 2026', 'iban DE89 3704 0044 0532 0130 00'],
    ['IBAN DE89 3704 0044 0532 0130 00', 'iban DE89 3704 0044 0532 0130 00'],
    ['GB82WEST12345698765432', 'iban GB82WEST12345698765432'],
    ['SSN 219-09-1834', 'national_id 219-09-1834'],
    ['NINO AB 12 34 56 C', 'national_id AB 12 34 56 C'],
    ['DNI 12345678Z', 'national_id 12345678Z'],
    ['NIE X1234567L', 'national_id X1234567L'],
    ['Steuer-ID 86095742719', 'national_id 86095742719'],
    ['86 095 742 719', 'national_id 86 095 742 719'],
    ['CPF 529.982.247-25', 'national_id 529.982.247-25'],
    ['1 85 05 78 006 084 91', 'national_id 1 85 05 78 006 084 91'],
  ])('finds it in %j', (text, value) => {
    expect(found(text)).toEqual([value]);
  });

  it.each([
    'someone@example.com, a@b.example, root@localhost.localdomain.test',
    'git@github.com:owner/name.git and icon@2x.png',
    '(212) 555-0142 and +1 415 555 0199',
    'test card 4242 4242 4242 4242 or 4111111111111111',
    'card 4539 1488 0343 6468 (a wrong checksum)',
    'DE89 3704 0044 0532 0130 01',
    'SSN 000-12-3456, 666-12-3456, 912-12-3456, 219-00-1234',
    'QQ 12 34 56 C and BG123456A',
    'DNI 12345678A',
    '86095742719 without a word for it',
    '2024-05-15 15:00, 15.05.2024, 2019-2024, 1999 - 2004',
    'between 200 300 4000 and 1,234,567.89 EUR, part 123-456-7890-12, v1.22.333.4444',
    'ISBN 978-3-16-148410-0, order #W2378156, 3.14159265358979, 192.168.100.200',
    'Flight HAT136 costs 4158672211 points',
  ])('finds nothing in %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('leaves out what is allowed, by address, by domain and by number', () => {
    const text = 'help@clinic.org, jo@clinic.org, al@other.org, (415) 867-2211';
    expect(found(text, ['HELP@clinic.org', '415-867-2211'])).toEqual([
      'email jo@clinic.org',
      'email al@other.org',
    ]);
    expect(found(text, ['clinic.org'])).toEqual(['email al@other.org', 'phone (415) 867-2211']);
  });

  it('finds the kinds that are asked for', () => {
    expect(findPersonalData('jo@clinic.org, (415) 867-2211', ['phone'])).toMatchObject([
      { kind: 'phone', start: 15, end: 29 },
    ]);
  });
});

const PASSAGE = `Ask Jo Smith (Jo.Smith@clinic.org) or call (415) 867-2211 or +49 30 9018 2055.
Pay to DE89 3704 0044 0532 0130 00 or by card 4539 1488 0343 6467. Her SSN is 219-09-1834,
her DNI 12345678Z. The other doctor is al@clinic.org.`;

const call = (argument: unknown): Message => ({
  role: 'assistant',
  content: null,
  tool_calls: [
    { id: 'c1', type: 'function', function: { name: 'book', arguments: JSON.stringify(argument) } },
  ],
});

const ROW = rowOf({
  id: 'a',
  passage: PASSAGE,
  messages: [
    { role: 'user', content: 'I am ann@private.org, 650-253-4411; write to jo.smith@clinic.org' },
    call({
      to: 'JO.SMITH@CLINIC.ORG',
      phone: 4158672211,
      text: 'Dear doctor,\nal@clinic.org\n+1 415 867 2211 "(+49) 30 90182055"',
      iban: 'DE89370400440532013000',
      card: '4539148803436467',
    }),
    {
      role: 'tool',
      tool_call_id: 'c1',
      content: '{"by_mail":{"jo.smith@clinic.org":"219-09-1834"}}',
    },
    { role: 'assistant', content: 'Done: 12345678-Z, IBAN DE89 3704 0044 0532 0130 00.' },
  ],
});

describe('personal data of a row', () => {
  const rules = rulesOf().personal_data;

  it('is what stands in the passage, each value once, and not what the teacher invented', () => {
    expect(personalDataOf(ROW, rules)).toEqual([
      { kind: 'email', key: 'jo.smith@clinic.org' },
      { kind: 'phone', key: '4158672211' },
      { kind: 'phone', key: '493090182055' },
      { kind: 'iban', key: 'DE89370400440532013000' },
      { kind: 'card', key: '4539148803436467' },
      { kind: 'national_id', key: '219091834' },
      { kind: 'national_id', key: '12345678Z' },
      { kind: 'email', key: 'al@clinic.org' },
    ]);
  });

  it('is masked alike in passage, messages, arguments and results, in the grouping of each place', () => {
    const { row } = maskPersonalData(ROW, rules);
    expect(row.source.text).toBe(
      `Ask Jo Smith (person1@example.com) or call (415) 555-0100 or +49 30 9555 0101.
Pay to DE36 0000 0000 0000 0000 00 or by card 4000 0000 0000 0002. Her SSN is 666-00-0000,
her DNI 00000001R. The other doctor is person2@example.com.`,
    );
    expect(row.source.sha256).toBe(sha256(row.source.text));
    const [user, assistant, result, last] = row.messages;
    expect(user?.content).toBe('I am ann@private.org, 650-253-4411; write to person1@example.com');
    const argument =
      assistant?.role === 'assistant' ? assistant.tool_calls?.[0]?.function.arguments : undefined;
    expect(JSON.parse(argument ?? '')).toEqual({
      to: 'person1@example.com',
      phone: 4155550100,
      text: 'Dear doctor,\nperson2@example.com\n+1 415 555 0100 "(+49) 30 95550101"',
      iban: 'DE36000000000000000000',
      card: '4000000000000002',
    });
    expect(result?.content).toBe('{"by_mail":{"person1@example.com":"666-00-0000"}}');
    expect(last?.content).toBe('Done: 00000001-R, IBAN DE36 0000 0000 0000 0000 00.');
  });

  it('is one value with and without a country code', () => {
    const passage = 'Call (415) 867-2211 here, +1 415 867 2211 from abroad.';
    expect(personalDataOf(rowOf({ id: 'b', passage }), rules)).toHaveLength(1);
    const { row } = maskPersonalData(rowOf({ id: 'b', passage }), rules);
    expect(row.source.text).toBe('Call (415) 555-0100 here, +1 415 555 0100 from abroad.');
  });

  it('is gone after masking, and masking again changes nothing', () => {
    const once = maskPersonalData(ROW, rules).row;
    expect(personalDataOf(once, rules)).toEqual([]);
    expect(maskPersonalData(once, rules).row).toBe(once);
    expect(JSON.stringify(once)).not.toMatch(/clinic\.org|867|219-09|37040|4539|12345678/i);
  });

  it('leaves ids, hashes and costs alone', () => {
    const { row } = maskPersonalData(ROW, rules);
    expect(row.provenance).toBe(ROW.provenance);
    expect([row.id, row.source.id]).toEqual([ROW.id, ROW.source.id]);
  });
});
