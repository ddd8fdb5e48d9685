import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 900_000,
    // Two cores: more workers only make each test slower.
    maxWorkers: 2,
  },
});
