import { execaSync } from 'execa';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bashCommand, bashWord } from '../../../core/launch/bash-words.ts';

it('any words reach a program as they are', () => {
  const word = fc.string({
    unit: fc.constantFrom(...'ab\'"$`\\ \n\t!*?#~=-é{}()&;|<>'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (words) => {
      const script = bashCommand(['printf', '%s\\0', ...words]);
      const { stdout } = execaSync('bash', ['-c', script], { stripFinalNewline: false });
      expect(stdout).toBe(words.map((text) => `${text}\0`).join(''));
    }),
    { numRuns: 25 },
  );
});

it('what only the node knows is left to bash', () => {
  expect(bashWord({ bash: '"$PORT"' })).toBe('"$PORT"');
});

it('flags stand on lines of their own, with their values', () => {
  expect(bashCommand(['vllm', 'serve', 'a model', '--port', '8000', '--jinja', '--x', '-1'])).toBe(
    "vllm serve 'a model' \\\n  --port 8000 \\\n  --jinja \\\n  --x \\\n  -1",
  );
});
