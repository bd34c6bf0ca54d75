#!/usr/bin/env node
// These lines run on any Node, so that an old one can report its version. The rest is loaded later.
import { enableCompileCache } from 'node:module';
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 16)) {
  process.stderr.write(
    `agentcore-emulator: Node 22.16 or newer is required; this is Node ${process.versions.node}. A checkout has one in node_modules/.bin/node.\n`,
  );
  process.exitCode = 1;
} else {
  // Node keeps compiled code in the system's temporary folder, which makes the next start faster.
  enableCompileCache();
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
}
