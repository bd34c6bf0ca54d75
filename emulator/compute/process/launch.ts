import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotStart } from '../compute.ts';

/** A command that starts an agent. */
export interface Launch {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const preload = fileURLToPath(new URL('./preload/node.cjs', import.meta.url));

/** How a Node or TypeScript agent is started in its working copy. */
export function launchNode(
  copy: string,
  entrypoint: string,
  { nodeOptions = '', compileCache }: { nodeOptions?: string | undefined; compileCache: string },
): Launch {
  // "main.ts:handler" names an export, which only AWS's own loader needs.
  const file = entrypoint.replace(/:[A-Za-z_]\w*$/, '');
  if (!existsSync(join(copy, file))) {
    throw new CannotStart(`the entrypoint ${file} does not exist in the agent's code folder`);
  }
  // Node strips types by itself; what it cannot, such as imports of ./x.js for x.ts, tsx can.
  const useTsx = file.endsWith('.ts') && existsSync(join(copy, 'node_modules', 'tsx'));
  return {
    command: process.execPath,
    arguments: [...(useTsx ? ['--import', 'tsx'] : []), file],
    environment: {
      NODE_OPTIONS: `${nodeOptions} --require ${JSON.stringify(preload)}`.trim(),
      NODE_COMPILE_CACHE: compileCache,
    },
  };
}
