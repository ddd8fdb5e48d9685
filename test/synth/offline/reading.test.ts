import { describe, expect, it } from 'vitest';
import { actionName } from '../../../synth/offline/text/action.ts';
import { readPassage } from '../../../synth/offline/text/reading.ts';

const actionsOf = (text: string) => readPassage(text).actions.map(actionName);
const limitsOf = (text: string) =>
  readPassage(text).limits.map(
    ({ parameter, bounds }) =>
      `${parameter} ${bounds.map(({ operator, value }) => `${operator}${value}`).join(' ')}`,
  );

describe('reading a passage', () => {
  it.each([
    ['Open the toolbox and press Start.', ['open_toolbox']],
    ['The clerk checks the deposit and issues a receipt.', ['check_deposit', 'issue_receipt']],
    ['Guests can renew a loan online.', ['renew_loan']],
    ['Turn on sticky notes', ['turn_on_sticky_notes']],
    ['Switch the Night Light switch to on.', ['turn_on_night_light']],
    ['The unused vouchers are refunded.', ['refund_unused_vouchers']],
    ['How to apply for a fishing permit', ['apply_for_fishing_permit']],
  ])('finds the operations of %j', (text, expected) => {
    expect(actionsOf(text)).toEqual(expected);
  });

  it.each([
    ['Visitors may stay up to three nights.', ['nights <=3']],
    ['Parcels above 20 kg are refused.', ['weight_kg <=20']],
    ['Cancel at least 24 hours before departure.', ['hours_before_departure >=24']],
    ['You must be 18 or older.', []],
    ['Riders must be 18 years or older.', ['age >=18']],
    ['Choose between 4 and 7 dishes.', ['dishes >=4 <=7']],
    ['The answer takes up to 5 days.', []],
    ['If you order more than 3 boxes, delivery is free.', []],
    [
      'Bring it back within 30 days of purchase, please; you must keep the receipt.',
      ['days_since_purchase <=30'],
    ],
    ['You can ask for at most EUR 120.', ['amount_eur <=120']],
  ])('finds the limits of %j', (text, expected) => {
    expect(limitsOf(text)).toEqual(expected);
  });

  it('finds alternatives and identifiers', () => {
    const reading = readPassage(
      'Enter the 14-digit parcel number and choose between a locker and a neighbour.',
    );
    expect(reading.identifiers[0]).toMatchObject({ parameter: 'parcel_number', digits: 14 });
    expect(reading.choices[0]?.options).toEqual(['locker', 'neighbour']);
  });

  it('quotes rules as the text has them', () => {
    const text = 'Tents must be dry; boots\nmust be clean and in their box.';
    for (const { quote } of readPassage(text).rules) expect(text).toContain(quote);
  });
});
