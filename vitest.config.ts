import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 900_000,
    // Two cores: more workers only make each test slower.
    maxWorkers: 2,
    // Threads of a tiny model wait for one another without taking the other worker's core.
    env: { OMP_WAIT_POLICY: 'PASSIVE' },
  },
});
