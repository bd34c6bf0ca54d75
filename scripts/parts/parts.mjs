// The list of all parts that tests need besides npm packages. `standUp` installs and starts them.
import { join } from 'node:path';
import process from 'node:process';
import { agentSdks } from './agentSdks.mjs';
import { baseImages } from './baseImages.mjs';
import { withLock, cache } from './cache.mjs';
import { codeServer } from './codeServer.mjs';
import { dockerEngine } from './dockerEngine.mjs';
import { debianAsRoot, installPackages, unfinishedPackages } from './debian.mjs';
import { officialCli } from './officialCli.mjs';
import { bubblewrap, chromium } from './programs.mjs';
import { python } from './python.mjs';
import { registry } from './registry.mjs';

/** @typedef {import('./part.d.ts').TestPart} TestPart */
/** @typedef {import('./part.d.ts').Found} Found */
/** @typedef {import('./part.d.ts').Started} Started */

/** Parts by the names that `standUp` and the tests use. */
const parts = {
  engine: dockerEngine,
  images: baseImages,
  chromium,
  codeServer,
  bubblewrap,
  registry,
  python,
  officialCli,
  agentSdks,
};

/** @typedef {keyof typeof parts} PartName */

export const partNames = /** @type {PartName[]} */ (Object.keys(parts));

const marker = join(cache, 'packages-being-installed');

/** Installs missing parts and starts those that must run.
 * @param {PartName[]} [names]
 * @returns {Promise<Started & { missing: { name: PartName, why: string }[] }>} */
export async function standUp(names = partNames) {
  const found = await find(names);
  /** @type {Map<PartName, Error>} */
  const failures = new Map();
  if (found.size < names.length) {
    await withLock(async () => {
      // A run that had the lock before may have installed them.
      const missing = excluding(names, await find(names));
      for (const [name, error] of await install(missing)) failures.set(name, error);
    });
    for (const [name, part] of await find(excluding(names, found))) found.set(name, part);
  }

  /** @type {Started[]} */
  const started = [];
  for (const [name, { start }] of found) {
    try {
      if (start) started.push(await start());
    } catch (error) {
      found.delete(name);
      failures.set(name, /** @type {Error} */ (error));
    }
  }
  const environments = [...found.values(), ...started].map(({ environment }) => environment);
  return {
    environment: Object.assign({}, ...environments),
    missing: excluding(names, found).map((name) => ({
      name,
      why: `${parts[name].name}: ${failures.get(name)?.message ?? parts[name].hint}`,
    })),
    within: (line) => started.reduce((inner, { within }) => within(inner), line),
    end: async () => void (await Promise.all(started.map(({ end }) => end()))),
  };
}

/** @param {PartName[]} names @returns {Promise<Map<PartName, Found>>} */
async function find(names) {
  // Packages that a killed run left half installed may look complete.
  const unfinished = unfinishedPackages(marker);
  /** @type {Map<PartName, Found>} */
  const found = new Map();
  await Promise.all(
    names.map(async (name) => {
      const { packages = [], find } = parts[name];
      if (packages.some((name) => unfinished.includes(name))) return;
      const part = await find();
      if (part) found.set(name, part);
    }),
  );
  return found;
}

/** @param {PartName[]} names @param {ReadonlyMap<PartName, Found>} found */
function excluding(names, found) {
  return names.filter((name) => !found.has(name));
}

/** Installs the parts that can be installed here, and returns the failures.
 * @param {PartName[]} names */
async function install(names) {
  /** @type {Map<PartName, Error>} */
  const failures = new Map();
  /** @param {string} title @param {PartName[]} names @param {() => Promise<void>} work */
  const attempt = async (title, names, work) => {
    const startedAt = performance.now();
    process.stderr.write(`Setting up ${title} …\n`);
    try {
      await work();
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      process.stderr.write(`Finished ${title} in ${seconds} s.\n`);
    } catch (error) {
      for (const name of names) failures.set(name, /** @type {Error} */ (error));
    }
  };

  if (debianAsRoot) {
    const packaged = names.filter((name) => parts[name].packages?.length);
    const packages = packaged.flatMap((name) => parts[name].packages ?? []);
    if (packages.length > 0) {
      const title = `Debian packages ${packages.join(', ')}`;
      await attempt(title, packaged, () => installPackages(packages, marker));
    }
  }
  await Promise.all(
    names.map(async (name) => {
      const { name: title, install, anywhere } = parts[name];
      if (install && (debianAsRoot || anywhere)) await attempt(title, [name], install);
    }),
  );
  return failures;
}
