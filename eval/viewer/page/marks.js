import { tell } from './ask.js';
import { byId, el, notice } from './dom.js';
import { changed, state } from './state.js';

export function startMarks() {
  const dialog = byId('comment');
  dialog.addEventListener('close', () => {
    const { row } = state;
    if (dialog.returnValue !== 'keep' || row === null) return;
    mark(row, { comment: byId('comment-text').value.trim() });
  });
  byId('comment-text').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) dialog.close('keep');
  });
}

/** The buttons by which a person marks a row. */
export function markBar(row) {
  const verdict = row.mark?.verdict ?? null;
  const button = (value, text) =>
    el(
      'button',
      {
        type: 'button',
        class: `verdict ${value}`,
        'aria-pressed': String(verdict === value),
        onclick: () => toggle(row, value),
      },
      text,
    );
  return [
    button('accept', 'Accept'),
    button('reject', 'Reject'),
    row.key === state.row?.key
      ? el('button', { type: 'button', class: 'quiet', onclick: openComment }, 'Comment')
      : null,
  ];
}

/** Marks the row, or takes the mark back where it is the same. */
export function toggle(row, verdict) {
  if (row === null) return;
  mark(row, { verdict: row.mark?.verdict === verdict ? null : verdict });
}

export function openComment() {
  const { row } = state;
  if (row === null) return;
  byId('comment-text').value = row.mark?.comment ?? '';
  byId('comment').returnValue = '';
  byId('comment').showModal();
}

async function mark(row, change) {
  const { verdict = null, comment = '' } = row.mark ?? {};
  const kept = await tell('/api/mark', { key: row.key, verdict, comment, ...change });
  changed('mark', kept);
  notice(kept.mark === null ? 'Mark taken back.' : 'Mark kept.');
}
