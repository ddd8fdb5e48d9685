import type { Random } from '../seed.ts';
import { isoDate, personName } from '../value-kinds.ts';
import { valueFor } from '../values.ts';
import { type Anchor, define, type ExtraMaker, spaced, text } from './extra.ts';

/** Tools that many services have beside their main ones; each gives its own demand, result and report. */
export const RECORD_EXTRAS: readonly ExtraMaker[] = [
  (anchor, random, world) => {
    const note = random.pick([
      'please ring before noon',
      'a colleague may take my place',
      'I read messages in the evening only',
      'the side entrance is easier for me',
      'my old address is no longer in use',
    ]);
    const noteId = world.newId('note_id');
    return {
      tool: define(anchor, `add_${anchor.noun}_note`, `Add a note to the ${spaced(anchor)}.`, {
        text: text('Text of the note'),
      }),
      demand: random.pick([
        `Please add the note "${note}" to it.`,
        `And note down "${note}" there.`,
        `Could you leave the note "${note}" with it?`,
      ]),
      args: { [anchor.idName]: anchor.id, text: note },
      result: { note_id: noteId, [anchor.idName]: anchor.id, status: 'saved' },
      report: random.pick([
        `Your note is saved as ${noteId}.`,
        `I have saved the note (${noteId}).`,
      ]),
    };
  },
  (anchor, random, world) => {
    const email = String(valueFor({ name: 'email', type: 'string' }, random));
    const messageId = world.newId('message_id');
    return {
      tool: define(
        anchor,
        random.pick([`send_${anchor.noun}_summary`, `email_${anchor.noun}_summary`]),
        `E-mail a summary of the ${spaced(anchor)}.`,
        { email: text('Address it goes to') },
      ),
      demand: random.pick([
        `Send a summary of it to ${email}, please.`,
        `I also need it in writing: ${email}.`,
        `And mail me a summary at ${email}.`,
      ]),
      args: { [anchor.idName]: anchor.id, email },
      result: { message_id: messageId, email, status: 'sent' },
      report: random.pick([
        `The summary went to ${email}.`,
        `A summary is on its way to ${email} (message ${messageId}).`,
      ]),
    };
  },
  (anchor, random, world) => {
    const date = isoDate(random);
    const reminderId = world.newId('reminder_id');
    return {
      tool: define(
        anchor,
        `set_${anchor.noun}_reminder`,
        `Set a reminder about the ${spaced(anchor)}.`,
        { date: text('Day of the reminder, YYYY-MM-DD') },
      ),
      demand: random.pick([
        `Remind me of it on ${date}.`,
        `I would also like a reminder on ${date}.`,
        `Set a reminder for ${date} too.`,
      ]),
      args: { [anchor.idName]: anchor.id, date },
      result: { reminder_id: reminderId, date, status: 'set' },
      report: random.pick([`A reminder is set for ${date}.`, `You will be reminded on ${date}.`]),
    };
  },
  (anchor, random, world) => {
    const date = isoDate(random);
    const time = String(valueFor({ name: 'time', type: 'string' }, random));
    const callbackId = world.newId('callback_id');
    return {
      tool: define(anchor, 'schedule_callback', `Schedule a call about the ${spaced(anchor)}.`, {
        date: text('Day, YYYY-MM-DD'),
        time: text('Time, HH:MM'),
      }),
      demand: random.pick([
        `Have someone call me about it on ${date} at ${time}.`,
        `I would like a call about it on ${date}, ${time}.`,
      ]),
      args: { [anchor.idName]: anchor.id, date, time },
      result: { callback_id: callbackId, date, time, status: 'scheduled' },
      report: random.pick([
        `Someone will call you on ${date} at ${time}.`,
        `The call is arranged for ${date}, ${time}.`,
      ]),
    };
  },
  (anchor, random) => {
    const [name, phone] = [
      personName(random),
      String(valueFor({ name: 'phone', type: 'string' }, random)),
    ];
    const contact = {
      type: 'object',
      properties: { name: text('Name'), phone: text('Telephone') },
      required: ['name', 'phone'],
    };
    return {
      tool: define(
        anchor,
        `set_${anchor.noun}_contact`,
        `Name a contact for the ${spaced(anchor)}.`,
        { contact },
      ),
      demand: random.pick([
        `Put down ${name}, ${phone}, as the contact for it.`,
        `For questions please enter ${name}, ${phone}, as contact.`,
      ]),
      args: { [anchor.idName]: anchor.id, contact: { name, phone } },
      result: { [anchor.idName]: anchor.id, contact: { name, phone }, status: 'saved' },
      report: random.pick([
        `${name} is now the contact.`,
        `I have entered ${name} as the contact.`,
      ]),
    };
  },
  (anchor, random) => {
    const language = random.pick(['English', 'French', 'Spanish', 'German', 'Italian']);
    const options = {
      type: 'string',
      enum: ['English', 'French', 'Spanish', 'German', 'Italian'],
      description: 'Language of letters',
    };
    return {
      tool: define(
        anchor,
        `set_${anchor.noun}_language`,
        `Set the language of letters about the ${spaced(anchor)}.`,
        { language: options },
      ),
      demand: random.pick([
        `All letters about it in ${language}, please.`,
        `Could letters about it come in ${language}?`,
        `Write to me in ${language} about it.`,
      ]),
      args: { [anchor.idName]: anchor.id, language },
      result: { [anchor.idName]: anchor.id, language, status: 'saved' },
      report: random.pick([
        `Letters about it will be in ${language}.`,
        `The language is set to ${language}.`,
      ]),
    };
  },
  (anchor, random) => {
    const reference = `${random.pick(['K', 'P', 'T', 'W'])}-${random.int(104, 987)}`;
    return {
      tool: define(
        anchor,
        `set_${anchor.noun}_reference`,
        `Store the user's own reference for the ${spaced(anchor)}.`,
        { reference: text("User's own reference") },
      ),
      demand: random.pick([
        `Put my own reference ${reference} on it.`,
        `My reference for it is ${reference}; please store that.`,
        `File it under ${reference} on my side, too.`,
      ]),
      args: { [anchor.idName]: anchor.id, reference },
      result: { [anchor.idName]: anchor.id, reference, status: 'saved' },
      report: random.pick([
        `Your reference ${reference} is stored.`,
        `It now carries your reference ${reference}.`,
      ]),
    };
  },
  (anchor, random, world) => {
    const copies = random.int(2, 5);
    const printId = world.newId('print_id');
    return {
      tool: define(
        anchor,
        `print_${anchor.noun}_receipt`,
        `Print receipts for the ${spaced(anchor)}.`,
        { copies: { type: 'integer', description: 'Number of copies' } },
      ),
      demand: random.pick([
        `Print me ${copies} copies of the receipt.`,
        `I need ${copies} copies of the receipt as well.`,
        `And ${copies} printed receipts, please.`,
      ]),
      args: { [anchor.idName]: anchor.id, copies },
      result: { print_id: printId, copies, status: 'printed' },
      report: random.pick([
        `${copies} receipts are printed.`,
        `The receipt has been printed, ${copies} copies.`,
      ]),
    };
  },
  (anchor, random) => {
    const channel = random.pick(['e-mail', 'text message', 'letter']);
    const options = {
      type: 'string',
      enum: ['e-mail', 'text message', 'letter', 'none'],
      description: 'How news is sent',
    };
    return {
      tool: define(
        anchor,
        `set_${anchor.noun}_alerts`,
        `Choose how news about the ${spaced(anchor)} is sent.`,
        { channel: options },
      ),
      demand: random.pick([
        `Keep me posted by ${channel}.`,
        `News about it by ${channel}, please.`,
        `If anything changes, tell me by ${channel}.`,
      ]),
      args: { [anchor.idName]: anchor.id, channel },
      result: { [anchor.idName]: anchor.id, channel, status: 'saved' },
      report: random.pick([
        `You will hear about it by ${channel}.`,
        `News will reach you by ${channel}.`,
      ]),
    };
  },
  (anchor, random) => {
    // A record that was only opened has nothing new to read back.
    if (typeof anchor.facts.status !== 'string' || anchor.facts.status === 'active')
      return undefined;
    return {
      tool: define(
        anchor,
        `get_${anchor.noun}_status`,
        `Get what is on record for the ${spaced(anchor)}.`,
        {},
      ),
      demand: random.pick([
        'Then read me back what is on record.',
        'And tell me how it stands afterwards.',
        'Please check afterwards that it is on record.',
      ]),
      args: { [anchor.idName]: anchor.id },
      result: { [anchor.idName]: anchor.id, ...anchor.facts },
      report: factsReport(anchor, random),
    };
  },
];

function factsReport({ facts, id }: Anchor, random: Random): string {
  const status = String(facts.status);
  return random.pick([
    `On record, ${id} stands as ${status}.`,
    `The record ${id} shows the status ${status}.`,
  ]);
}
