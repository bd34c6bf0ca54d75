import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { LocalTargetError } from './writeLocalTarget.ts';

const PACKAGE = '@aws/agentcore';

/**
 * The file of the official CLI: in the packages of this folder or one above, else where the `agentcore`
 * on PATH is from. Another program has that name, too, so it is known by its package.
 */
export function findOfficialCli(folder: string, { PATH = '' }: NodeJS.ProcessEnv): string {
  const installed = [
    ...foldersUp(resolve(folder)).map((above) => join(above, 'node_modules', PACKAGE)),
    ...PATH.split(delimiter).flatMap(packagesBy),
  ];
  for (const place of installed) {
    const description = join(place, 'package.json');
    if (!existsSync(description)) continue;
    const { name, bin } = JSON.parse(readFileSync(description, 'utf8')) as {
      name?: unknown;
      bin?: { agentcore?: string };
    };
    if (name === PACKAGE && bin?.agentcore !== undefined) return join(place, bin.agentcore);
  }
  throw new LocalTargetError(
    `the official CLI is not installed, neither for this project nor on PATH; npm install -g ${PACKAGE} brings it`,
  );
}

/** Where a folder of PATH may have the package of its `agentcore`: by a link, or beside npm's own script. */
function packagesBy(folder: string): string[] {
  const link = join(folder, 'agentcore');
  const linked = existsSync(link) ? foldersUp(dirname(realpathSync(link))) : [];
  return [...linked, join(folder, 'node_modules', PACKAGE)];
}

function foldersUp(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUp(above)];
}
