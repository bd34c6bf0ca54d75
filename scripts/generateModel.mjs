// Writes src/shared/awsModel: AWS's service model as the wire and our AWS clients use it, and types for what
// the installed clients of the JavaScript SDK lack. The model comes from botocore.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModels } from './model/botocore.mjs';
import { generateFiles } from './model/generateFiles.mjs';
import { root } from './setup.mjs';

// The version is also the one of the Python tests. The hash is that of the wheel.
const BOTOCORE =
  'botocore==1.44.8 --hash=sha256:76342a76c338701db80dcb8afe1c9bd079283d6fffbb9d881442abb02a215043';

const folder = mkdtempSync(join(tmpdir(), 'botocore-'));
try {
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, BOTOCORE);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes'];
  execFileSync('python3', [...pip, '--target', folder, '--requirement', requirements], {
    stdio: 'inherit',
  });
  for (const { path, text } of await generateFiles(readModels(folder))) {
    writeFileSync(join(root, path), text);
    process.stderr.write(`Wrote ${path}\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
