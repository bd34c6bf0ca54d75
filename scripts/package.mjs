// `npm run package`: packages the built extension as a VSIX in dist/, or in the file that `--out FILE` names.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { root } from './setup.mjs';

const { values } = parseArgs({ options: { out: { type: 'string' } } });

await createVSIX({
  cwd: root,
  packagePath: values.out ?? join(root, 'dist', 'agentcore-workbench.vsix'),
  // The bundles contain all dependencies.
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
