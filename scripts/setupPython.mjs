// Python and the packages that tests call as their users do. The packages are kept in the user's
// cache folder, one folder for each version of the list and of Python, so that clones share them and
// a second run finds them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { root, run } from './setup.mjs';

const cache = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'agentcore-workbench',
);

/** The folder to put on PYTHONPATH. */
export function pythonPackages() {
  const list = join(root, 'test', 'requirements.txt');
  const version = createHash('sha256')
    .update(readFileSync(list))
    // Some packages are compiled for one version of Python on one kind of machine.
    .update(pythonTag() ?? installPython())
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, `python-${version}`);
  if (existsSync(folder)) return folder;
  process.stderr.write('Installing the Python packages of the tests …\n');
  mkdirSync(cache, { recursive: true });
  // Made beside its place and then moved there, so that nobody ever meets half of it.
  const making = mkdtempSync(join(cache, 'making-'));
  // What pip has to say of other packages and of root is no concern of a folder apart.
  const quiet = ['--quiet', '--no-warn-conflicts', '--root-user-action', 'ignore'];
  run('python3', ['-m', 'pip', 'install', ...quiet, '--target', making, '--requirement', list]);
  try {
    renameSync(making, folder);
  } catch {
    // Another clone was quicker; its folder is as good.
    rmSync(making, { recursive: true });
  }
  return folder;
}

/** What compiled packages depend on, such as cpython-311-x86_64-linux-gnu; null without Python or pip. */
function pythonTag() {
  const question = `import pip, sys, sysconfig
assert sys.version_info >= (3, 10)
print(sysconfig.get_config_var("SOABI"))`;
  const { status, stdout } = spawnSync('python3', ['-c', question], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** Installs Python where that can be done without asking; elsewhere says what is to be done. */
function installPython() {
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    run('apt-get', ['update', '--quiet']);
    run('apt-get', ['install', '--quiet', '--yes', 'python3', 'python3-pip']);
    const tag = pythonTag();
    if (tag !== null) return tag;
  }
  process.stderr.write(
    '\nThe tests need Python 3.10 or newer with pip as python3. Install both, or run npm run test:fast.\n',
  );
  return process.exit(1);
}
