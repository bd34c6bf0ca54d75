import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { LocalTargetError } from './writeLocalTarget.ts';

const PACKAGE = '@aws/agentcore';

/**
 * Finds the official CLI's entry file: in node_modules of this folder or one above, otherwise in the
 * package of the `agentcore` on PATH. Another program has the same name, so the package name is checked.
 */
export function findOfficialCli(start: string, { PATH = '' }: NodeJS.ProcessEnv): string {
  const candidates = [
    ...ancestors(resolve(start)).map((above) => join(above, 'node_modules', PACKAGE)),
    ...PATH.split(delimiter).flatMap(packagesOnPath),
  ];
  for (const folder of candidates) {
    const description = join(folder, 'package.json');
    if (!existsSync(description)) continue;
    const { name, bin } = JSON.parse(readFileSync(description, 'utf8')) as {
      name?: unknown;
      bin?: { agentcore?: string };
    };
    if (name === PACKAGE && bin?.agentcore !== undefined) return join(folder, bin.agentcore);
  }
  throw new LocalTargetError(
    `The official CLI is not installed for this project or on PATH. Run npm install -g ${PACKAGE}.`,
  );
}

/**
 * Lists the possible packages of the `agentcore` in a PATH folder: the target of a link, or beside npm's
 * script.
 */
function packagesOnPath(folder: string): string[] {
  const link = join(folder, 'agentcore');
  const linked = existsSync(link) ? ancestors(dirname(realpathSync(link))) : [];
  return [...linked, join(folder, 'node_modules', PACKAGE)];
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
