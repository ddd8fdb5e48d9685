import type { Case } from './cases.ts';

type Row = Case['failing'];

const TOOLS = [
  tool('find_order', { email: { type: 'string' } }),
  tool('get_order', { order_id: { type: 'string' } }),
  tool('list_orders', {}),
  tool('set_language', { order_id: { type: 'string' }, language: { type: 'string' } }),
  tool('send_voucher', {
    first_name: { type: 'string' },
    phone: { type: 'string' },
    until: { type: 'string', format: 'date' },
    amount: { type: 'number' },
    city: { type: 'string' },
  }),
];

function tool(name: string, properties: object): object {
  const parameters = { type: 'object', properties };
  return { type: 'function', function: { name, description: `${name}.`, parameters } };
}

const RULES =
  'You help with orders. Today is 2026-06-01. Orders can be returned within 30 days of delivery.';

/** A row: texts that begin with `user:` or `assistant:`, calls with their results. */
export function conversation(...turns: (string | [string, object, unknown])[]): Row {
  const messages: object[] = [{ role: 'system', content: RULES }];
  for (const turn of turns) {
    if (typeof turn === 'string') {
      const [role, ...rest] = turn.split(': ');
      messages.push({ role, content: rest.join(': ') });
      continue;
    }
    const [name, args, result] = turn;
    const id = `call_${messages.length}`;
    const call = { id, type: 'function', function: { name, arguments: JSON.stringify(args) } };
    messages.push({ role: 'assistant', content: null, tool_calls: [call] });
    messages.push({ role: 'tool', tool_call_id: id, content: JSON.stringify(result) });
  }
  return { messages, tools: TOOLS };
}

const ASK = 'user: I am Mia Li, mia@li.test; how is my order W4410?';
const ORDER = { order_id: 'W4410', total: 30.5, language: 'French', items: [{ item_id: 'I-71' }] };
const END = 'assistant: Done.';

const FLIGHTS: [string, object, unknown] = [
  'list_orders',
  {},
  [
    { flight: 'HAT057', prices: { economy: 172, business: 410 } },
    { flight: 'HAT080', prices: { economy: 131 } },
  ],
];
const VOUCHER: [string, object, unknown] = ['send_voucher', { amount: 100 }, { sent: true }];

/** Two calls in one turn, of which the second uses what the first returns, or the user said. */
function together(id: string): Row {
  const call = (at: number, name: string, args: object): object => ({
    id: `call_${at}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  });
  const row = conversation(ASK, END);
  const [system, user, closing] = row.messages;
  const calls = [call(1, 'list_orders', {}), call(2, 'get_order', { order_id: id })];
  return {
    ...row,
    messages: [
      system,
      user,
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: 'call_1', content: '{"orders": ["W4417"]}' },
      { role: 'tool', tool_call_id: 'call_2', content: '{"total": 30.5}' },
      closing,
    ],
  };
}

function order(total: number): [string, object, unknown] {
  return ['get_order', { order_id: 'W4410' }, { ...ORDER, total }];
}

function voucher(args: object, said = 'Send me a voucher.'): Row {
  return conversation(`user: I am Mia Li. ${said}`, ['send_voucher', args, { sent: true }], END);
}

/** Failing and passing rows of the families grounding and state. */
export const STATE_CASES: Record<string, Case> = {
  ungrounded_id_arg: {
    failing: conversation('user: How is my order?', order(30.5), END),
    passing: conversation('user: How is my order w-4410?', order(30.5), END),
  },
  ungrounded_name_arg: {
    failing: voucher({ first_name: 'Anna' }),
    passing: voucher({ first_name: 'Mia' }),
  },
  ungrounded_contact_arg: {
    failing: voucher({ phone: '+49 30 5557788' }),
    passing: voucher({ phone: '+49 30 5557788' }, 'My number is +49-30-555-7788.'),
  },
  ungrounded_date_arg: {
    failing: voucher({ until: '2026-08-14' }),
    passing: voucher({ until: '2026-06-05' }, 'It is for next Friday.'),
  },
  ungrounded_number_arg: {
    failing: voucher({ amount: 215 }),
    passing: voucher({ amount: 215 }, 'Take the 200 of Monday and 15 more.'),
  },
  ungrounded_number_in_text: {
    failing: voucher({ city: 'Oslo, at most 45 minutes away' }, 'I live in Oslo.'),
    passing: voucher({ city: 'Oslo, at most 45 minutes away' }, 'From Oslo it is 45 minutes.'),
  },
  argument_of_sibling: { failing: together('W4417'), passing: together('W4410') },
  ungrounded_text_arg: {
    failing: voucher({ city: 'Oslo' }),
    passing: voucher({ city: 'Oslo' }, 'I live in oslo.'),
  },
  id_used_early: {
    failing: conversation(
      'user: How is my order?',
      ['get_order', { order_id: 'W4410' }, { total: 30.5 }],
      ['list_orders', {}, { orders: ['W4410'] }],
      END,
    ),
    passing: conversation(
      'user: How is my order?',
      ['list_orders', {}, { orders: ['W4410'] }],
      order(30.5),
      END,
    ),
  },
  reread_differs: {
    failing: conversation(ASK, order(30.5), 'user: Look again.', order(35.5), END),
    passing: conversation(
      ASK,
      order(30.5),
      ['set_language', { order_id: 'W4410', language: 'Italian' }, { order_id: 'W4410' }],
      order(35.5),
      END,
    ),
  },
  record_differs: {
    failing: conversation(ASK, ['find_order', { email: 'mia@li.test' }, ORDER], order(31), END),
    passing: conversation(ASK, ['find_order', { email: 'mia@li.test' }, ORDER], order(30.5), END),
  },
  write_not_kept: {
    failing: conversation(
      `${ASK} Make it Italian.`,
      ['set_language', { order_id: 'W4410', language: 'Italian' }, ORDER],
      END,
    ),
    passing: conversation(
      `${ASK} Make it Italian.`,
      ['set_language', { order_id: 'W4410', language: 'Italian' }, { error: 'closed' }],
      order(30.5),
      END,
    ),
  },
  count_differs: {
    failing: conversation(
      ASK,
      ['list_orders', {}, { orders: ['W4410'] }],
      ['list_orders', { closed: true }, { orders: ['W4411', 'W4412'] }],
      'assistant: You have five orders.',
    ),
    passing: conversation(
      ASK,
      ['list_orders', {}, { orders: ['W4410'] }],
      ['list_orders', { closed: true }, { orders: ['W4411', 'W4412'] }],
      'assistant: You have three orders.',
    ),
  },
  count_contradicts_list: {
    failing: conversation(
      ASK,
      ['list_orders', {}, { orders: ['W4410', 'W4411'] }],
      'assistant: You have three orders.',
    ),
    passing: conversation(
      ASK,
      ['list_orders', {}, { orders: ['W4410', 'W4411'] }],
      'assistant: You have two orders.',
    ),
  },
  stated_price_differs: {
    failing: conversation(ASK, FLIGHTS, 'assistant: HAT057 it is.\n- Price: $195 (Economy)'),
    passing: conversation(
      ASK,
      FLIGHTS,
      'assistant: HAT057:\n- Price: $172 (Economy)\n- Total price: $344\n\nHAT080 and HAT057: $303.',
    ),
  },
  stated_amount_differs: {
    failing: conversation(ASK, VOUCHER, 'assistant: I have sent a $92 voucher.'),
    passing: conversation(ASK, VOUCHER, 'assistant: I have sent a $100 voucher. A pen is $92.'),
  },
  stated_rule_differs: {
    failing: conversation(ASK, order(30.5), 'assistant: Orders can be returned within 58 days.'),
    passing: conversation(ASK, order(30.5), 'assistant: Orders can be returned within 30 days.'),
  },
  stated_id_unknown: {
    failing: conversation(ASK, order(30.5), 'assistant: Your order W4401 is on its way.'),
    passing: conversation(
      ASK,
      order(30.5),
      'assistant: Your order W4410 is on its way. Other numbers look like W1234.',
    ),
  },
  stated_number_unknown: {
    failing: conversation(ASK, order(30.5), 'assistant: The total is EUR 53.50.'),
    passing: conversation(ASK, order(30.5), 'assistant: The total is EUR 30.50, twice that 61.'),
  },
};
