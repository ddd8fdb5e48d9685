import { describe, expect, it } from 'vitest';
import { lastError, lastLines } from '../../../core/launch/last-error.ts';

const WORKER = `Traceback (most recent call last):
  File "train.py", line 3, in <module>
    main()
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB.`;

describe("a program's last error", () => {
  it.each([
    ['an empty log', '', ''],
    ['a traceback between other lines', `step 1\n${WORKER}\nwandb: synced\n`, WORKER],
    [
      "a worker's traceback, above that of its launcher",
      `${WORKER}\n\nTraceback (most recent call last):\n  File "torchrun", line 8, in <module>\ntorch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n====\ntrain FAILED\n`,
      WORKER,
    ],
    [
      'a traceback that torchrun marks with its rank',
      WORKER.split('\n')
        .map((line) => `[rank0]: ${line}`)
        .join('\n'),
      WORKER,
    ],
    [
      'the second of two causes',
      'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b.py", line 2\nValueError: the cause that counts\n',
      'Traceback (most recent call last):\n  File "b.py", line 2\nValueError: the cause that counts',
    ],
    [
      'an error line with no traceback, colours taken off',
      'loading\n\n\u001b[31merror: the argument is not known\u001b[0m\nusage: vllm serve\n',
      'error: the argument is not known\nusage: vllm serve',
    ],
    ['a log without an error', 'a\nb\nc\nd\ne\nf\n', 'b\nc\nd\ne\nf'],
    [
      'a traceback that was cut off',
      'Traceback (most recent call last):\n  File "a.py", line 1\n',
      'Traceback (most recent call last):\n  File "a.py", line 1',
    ],
  ])('of %s', (_name, log, wanted) => {
    expect(lastError(log)).toBe(wanted);
  });

  it('is shortened in the middle', () => {
    const frames = Array.from({ length: 200 }, (_, index) => `  frame ${index}`).join('\n');
    const lines = lastError(
      `Traceback (most recent call last):\n${frames}\nRecursionError: too deep`,
    ).split('\n');
    expect(lines).toHaveLength(30);
    expect(lines[0]).toBe('Traceback (most recent call last):');
    expect(lines.at(-1)).toBe('RecursionError: too deep');
    expect(lines).toContain('  [...]');
  });

  it('comes with the last lines, of a progress bar its last state', () => {
    expect(lastLines('a\n 10%|#   |\r 50%|##  |\r100%|####|\n\nb\n', 2)).toEqual([
      '100%|####|',
      'b',
    ]);
  });
});
