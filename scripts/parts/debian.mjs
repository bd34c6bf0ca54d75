// Installs Debian packages.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { step, signalOnExit } from './steps.mjs';

/** True when this process can install Debian packages: on Debian as root. */
export const debianAsRoot =
  process.getuid?.() === 0 && /^ID=debian$/m.test(read('/etc/os-release'));

/** Installs packages. A marker file exists during the installation, so that the next run detects packages that a
 * killed run left half installed.
 * @param {string[]} packages @param {string} marker */
export async function installPackages(packages, marker) {
  const allPackages = new Set([...unfinishedPackages(marker), ...packages]);
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, [...allPackages].join('\n'));
  // Wait for another apt, for example one of a killed run.
  const waitForLock = ['--option', 'DPkg::Lock::Timeout=300'];
  const options = [...waitForLock, '--yes', '--no-install-recommends', '--fix-broken'];
  await withRepair(() => apt('apt-get', [...options, 'install', ...allPackages]));
  rmSync(marker);
}

/** Returns the packages that a killed run was installing.
 * @param {string} marker */
export function unfinishedPackages(marker) {
  return read(marker).split('\n').filter(Boolean);
}

/** Unpacks a package into a folder without installing it, so that none of its services is started.
 * @param {string} name @param {string} folder */
export async function unpackPackage(name, folder) {
  await withRepair(() => apt('apt-get', ['download', name], folder));
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
  if (!archive) throw new Error(`apt-get download ${name} created no .deb file in ${folder}.`);
  await apt('dpkg', ['--extract', join(folder, archive), folder]);
  rmSync(join(folder, archive));
}

/** Runs the work. If it fails, updates the package lists, repairs an interrupted dpkg and tries again.
 * @param {() => Promise<unknown>} work */
async function withRepair(work) {
  try {
    await work();
  } catch {
    await apt('apt-get', ['update']);
    await apt('dpkg', ['--configure', '--pending']);
    await work();
  }
}

/** Runs apt. When this process ends, apt gets SIGINT, so that it finishes the current package.
 * @param {string} command @param {string[]} args @param {string} [cwd] */
function apt(command, args, cwd) {
  return step(command, args, {
    ...(cwd && { cwd }),
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    bind: (line) => signalOnExit(line, 'INT'),
  });
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
