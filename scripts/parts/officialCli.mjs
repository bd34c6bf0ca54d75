// The published official AgentCore CLI, with the one package that its bundle lacks, and with tsx, which its
// TypeScript projects need.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, makeFolder } from './cache.mjs';
import { npmInstall } from './npm.mjs';
import { step } from './steps.mjs';

const cli = '@aws/agentcore@0.30.0';
const unbundled = '@aws-cdk/toolkit-lib@1.28.0';
const tsx = 'tsx@4.23.15';
const folder = cacheFolder('official-cli', cli, unbundled, tsx);

/** @type {import('./part.d.ts').TestPart} */
export const officialCli = {
  name: 'official CLI',
  anywhere: true,
  hint: `make sure that npm can install ${cli}`,

  async find() {
    return existsSync(folder)
      ? { environment: { WORKBENCH_OFFICIAL_CLI: join(folder, 'bin') } }
      : undefined;
  },

  async install() {
    await makeFolder(folder, async (making) => {
      await npmInstall(making, unbundled, tsx);
      // Unpacked instead of installed: npm would install the bundled packages again.
      const packed = await step('npm', ['pack', cli, '--silent', '--pack-destination', making], {
        cwd: making,
      });
      const target = join(making, 'node_modules', '@aws', 'agentcore');
      mkdirSync(target, { recursive: true });
      const archive = join(making, packed.trim().split('\n').at(-1) ?? '');
      await step('tar', ['-xzf', archive, '-C', target, '--strip-components', '1']);
      mkdirSync(join(making, 'bin'));
      const entry = join('..', 'node_modules', '@aws', 'agentcore', 'dist', 'cli', 'index.mjs');
      symlinkSync(entry, join(making, 'bin', 'agentcore'));
    });
  },
};
