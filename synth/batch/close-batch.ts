import { UsageError } from '../../core/errors.ts';
import { usd } from '../summary.ts';
import type { BatchEnd, OutgoingBatch } from './backend.ts';
import { type Delivery, deliver } from './deliver.ts';
import type { SenderOptions } from './sender-options.ts';

/**
 * Ends a batch: its answers into the journal, what it cost in the place of what was set aside, its lines away.
 * @throws UsageError where the batch failed as a whole, or nothing can come of the next one either
 */
export async function closeBatch(
  { run, folder, money, asker, backend, note }: SenderOptions,
  { record, endpoint, files }: OutgoingBatch,
  end: BatchEnd,
): Promise<Delivery> {
  if (end.kind === 'failed') {
    await money.settle(record, 0);
    await folder.remove(record);
    throw new UsageError(
      `batch ${record.remote} of endpoint ${record.endpoint} failed: ${end.reason}; when that is mended, the same command goes on`,
    );
  }
  // Written before the first answer is: a record that is `over` already was left by a process that ended on the way.
  const ended = { end, begunBefore: record.state === 'over' };
  await folder.write({ ...record, state: 'over' });
  const priced = backend.priced(endpoint);
  const delivery = await deliver(run, priced, files, ended, asker.failed.bind(asker));
  const { answered, failed, costUsd: cost_usd } = delivery;
  await money.settle(record, cost_usd);
  const { number, remote, requests, stages, place } = record;
  const how = end.reason || 'whole';
  const figures = { number, remote, requests, answered, failed, cost_usd, ended: how };
  run.event('batch_over', figures);
  const at = new Date().toISOString();
  await folder.notePast({ ...figures, endpoint: endpoint.name, place, stages, at });
  await folder.remove(record);
  const why = end.reason === '' ? '' : `; ${end.reason}`;
  note(
    `batch ${number} is over: ${answered} of ${requests} answered, ${failed} failed, ${usd(cost_usd)} USD${why}`,
  );
  requireHope(record, delivery);
  return delivery;
}

/** A wrong key or a model that is not there: no other batch would fare better. */
function requireHope(
  { remote, endpoint, model }: OutgoingBatch['record'],
  { answered, lastFailure }: Delivery,
): void {
  if (answered > 0 || lastFailure?.kind !== 'fatal') return;
  throw new UsageError(
    `endpoint ${endpoint} (${model}), batch ${remote}: ${lastFailure.reason}; check the endpoint's entry, \`gem-traj doctor\` shows more. The same command goes on.`,
  );
}
