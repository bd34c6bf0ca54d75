import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/support/closingLine.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What takes a second on a busy machine is no failure; no test waits longer than it must.
    expect: { poll: { timeout: 15_000 } },
    // The emulator reads the SDK's schema files as the bundler does: without file suffixes.
    server: { deps: { inline: [/client-bedrock-agentcore(-control)?\/dist-es\//] } },
  },
});
