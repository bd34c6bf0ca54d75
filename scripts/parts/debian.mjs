// Debian's packages.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { step, toldOfOurEnd } from './steps.mjs';

/** Whether packages can be installed here by us: Debian as root. */
export const debianAsRoot =
  process.getuid?.() === 0 && /^ID=debian$/m.test(read('/etc/os-release'));

/** Installs packages. A marker tells the next run when this one did not get to the end, so that a
 * program that stands there half installed is not taken for a whole one.
 * @param {string[]} packages @param {string} marker */
export async function installPackages(packages, marker) {
  const wanted = new Set([...unfinishedPackages(marker), ...packages]);
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, [...wanted].join('\n'));
  // Another apt, perhaps that of a killed run, is waited for.
  const patient = ['--option', 'DPkg::Lock::Timeout=300'];
  const options = [...patient, '--yes', '--no-install-recommends', '--fix-broken'];
  await mended(() => apt('apt-get', [...options, 'install', ...wanted]));
  rmSync(marker);
}

/** The packages that a killed run was installing.
 * @param {string} marker */
export function unfinishedPackages(marker) {
  return read(marker).split('\n').filter(Boolean);
}

/** Unpacks a package into a folder without installing it: none of its services is set up or started.
 * @param {string} name @param {string} folder */
export async function unpackPackage(name, folder) {
  await mended(() => apt('apt-get', ['download', name], folder));
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
  if (!archive) throw new Error(`apt-get download ${name} left no package in ${folder}`);
  await apt('dpkg', ['--extract', join(folder, archive), folder]);
  rmSync(join(folder, archive));
}

/** Lists that are missing or out of date, and a dpkg that was shot, show as a failure of apt.
 * @param {() => Promise<unknown>} work */
async function mended(work) {
  try {
    await work();
  } catch {
    await apt('apt-get', ['update']);
    await apt('dpkg', ['--configure', '--pending']);
    await work();
  }
}

/** When this process ends, apt is asked to stop and not shot: it finishes what it has begun.
 * @param {string} command @param {string[]} args @param {string} [cwd] */
function apt(command, args, cwd) {
  return step(command, args, {
    ...(cwd && { cwd }),
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    bind: (line) => toldOfOurEnd(line, 'INT'),
  });
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
