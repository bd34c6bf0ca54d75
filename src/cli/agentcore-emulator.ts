#!/usr/bin/env node
// The command's first lines run on any Node, so that an old one is told what it lacks; the rest is
// loaded after that.
import { enableCompileCache } from 'node:module';
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 16)) {
  process.stderr.write(
    `agentcore-emulator needs Node 22.16 or newer; this is ${process.versions.node}. In a checkout of it, node_modules/.bin/node is one\n`,
  );
  process.exitCode = 1;
} else {
  // Node keeps what it compiles of us, in the system's temporary folder, for our next start.
  enableCompileCache();
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
}
