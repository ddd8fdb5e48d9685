import { ask } from './ask.js';
import { byId, count, counted } from './dom.js';
import { startFilters } from './filters.js';
import { startKeys } from './keys.js';
import { openRow, refreshList, startList } from './list.js';
import { startMarks } from './marks.js';
import { startReading } from './row.js';
import { startSide } from './side.js';
import { state } from './state.js';

startFilters();
startList();
startReading();
startSide();
startMarks();
startKeys();
await watchSources();
const wanted = /^#row=(\d+\.\d+)$/.exec(location.hash)?.[1];
if (wanted !== undefined) openRow(wanted).catch(() => {});

/** Follows the indexing, and what a run under way adds. */
async function watchSources() {
  let rows = -1;
  let isDone = false;
  const look = async () => {
    const { sources } = await ask('/api/sources');
    state.sources = sources;
    isDone = sources.every(({ done }) => done);
    const known = sources.reduce((sum, source) => sum + source.rows, 0);
    show(sources, isDone);
    if (known !== rows) await refreshList();
    rows = known;
  };
  await look();
  const again = () =>
    setTimeout(() => look().then(again, () => setTimeout(again, 20_000)), isDone ? 10_000 : 700);
  again();
}

function show(sources, isDone) {
  const names = sources.map(({ name }) => name).join(' · ');
  byId('names').textContent = names;
  document.title = `${names}: gem-traj view`;
  const parts = sources.map(
    ({ name, rows, state: run, problem, offline, bytes, bytes_read, done }) => {
      const share = bytes === 0 ? 100 : Math.floor((bytes_read / bytes) * 100);
      return [
        `${sources.length > 1 ? `${name}: ` : ''}${counted(rows, 'row')}`,
        done ? '' : `indexing, ${count(share)}%`,
        run === null || run === 'finished' ? '' : run,
        offline ? 'made by the offline teacher (rules, no model)' : '',
        problem ?? '',
      ]
        .filter((part) => part !== '')
        .join(', ');
    },
  );
  byId('progress').textContent = parts.join(' · ');
  byId('progress').classList.toggle('busy', !isDone);
}
