// `npm run package` makes the extension's VSIX of what `npm run build` has built. `--out FILE` puts it
// elsewhere than into dist.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { root } from './setup.mjs';

const { values } = parseArgs({ options: { out: { type: 'string' } } });

await createVSIX({
  cwd: root,
  packagePath: values.out ?? join(root, 'dist', 'agentcore-workbench.vsix'),
  // All of them are in the bundles.
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
