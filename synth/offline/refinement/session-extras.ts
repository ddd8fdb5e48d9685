import { valueFor } from '../values.ts';
import { define, type ExtraMaker, text } from './extra.ts';

/** Tools that a session on a device has beside its main ones. */
export const SESSION_EXTRAS: readonly ExtraMaker[] = [
  (anchor, random) => ({
    tool: define(anchor, 'close_session', 'Close the session.', {}),
    demand: random.pick([
      'Close the session when you are through.',
      'And please log out afterwards.',
      'Do not leave the session open afterwards.',
    ]),
    args: { [anchor.idName]: anchor.id },
    result: { [anchor.idName]: anchor.id, state: 'closed' },
    report: random.pick(['The session is closed.', `Session ${anchor.id} is closed.`]),
  }),
  (anchor, random, world) => {
    const label = random.pick(['before the change', 'known good', 'quiet evening', 'first try']);
    const snapshotId = world.newId('snapshot_id');
    return {
      tool: define(anchor, 'save_snapshot', 'Save the present settings under a label.', {
        label: text('Label of the snapshot'),
      }),
      demand: random.pick([
        `Save the settings as "${label}", too.`,
        `I also want a snapshot called "${label}".`,
        `And keep a copy of the settings, label "${label}".`,
      ]),
      args: { [anchor.idName]: anchor.id, label },
      result: { snapshot_id: snapshotId, label, status: 'saved' },
      report: random.pick([
        `The snapshot "${label}" is saved as ${snapshotId}.`,
        `I have kept the settings as "${label}" (${snapshotId}).`,
      ]),
    };
  },
  (anchor, random) => {
    const email = String(valueFor({ name: 'email', type: 'string' }, random));
    return {
      tool: define(anchor, 'send_session_log', 'Send a log of the session by e-mail.', {
        email: text('Address it goes to'),
      }),
      demand: random.pick([
        `Send a log of it all to ${email}.`,
        `I need a log of this for ${email}.`,
        `Could the log go to ${email} as well?`,
      ]),
      args: { [anchor.idName]: anchor.id, email },
      result: { [anchor.idName]: anchor.id, email, status: 'sent' },
      report: random.pick([`The log went to ${email}.`, `I have sent the log to ${email}.`]),
    };
  },
  (anchor, random, world) => {
    const minutes = random.pick([5, 10, 15, 20, 25, 40]);
    const timerId = world.newId('timer_id');
    return {
      tool: define(anchor, 'set_timer', 'Set a timer that gives a signal.', {
        signal_in: { type: 'integer', description: 'Minutes until the signal' },
      }),
      demand: random.pick([
        `Set a timer for ${minutes} minutes as well.`,
        `And give me a signal in ${minutes} minutes.`,
        `Then start a timer, ${minutes} minutes.`,
      ]),
      args: { [anchor.idName]: anchor.id, signal_in: minutes },
      result: { timer_id: timerId, signal_in: minutes, status: 'running' },
      report: random.pick([
        `A timer of ${minutes} minutes is running.`,
        `The signal comes in ${minutes} minutes.`,
      ]),
    };
  },
];
