import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Packages the built extension into a folder, as `npm run package` does. */
export async function packageExtension(folder: string): Promise<string> {
  const vsix = join(folder, 'agentcore-workbench.vsix');
  await run(process.execPath, ['scripts/package.mjs', '--out', vsix]);
  return vsix;
}
