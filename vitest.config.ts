import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages,apps,examples,bench,scripts,tests}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.jeon/**'],
    setupFiles: ['scripts/property-runs.ts'],
    globalSetup: ['packages/postgres/src/vitest-setup.ts'],
    // One process a file: a test that kills, leaks or blocks harms nobody else.
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
})
