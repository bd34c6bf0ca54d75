// All that tests run against besides the packages, and what stands it up.
import { join } from 'node:path';
import process from 'node:process';
import { baseImages } from './baseImages.mjs';
import { alone, cache } from './cache.mjs';
import { codeServer } from './codeServer.mjs';
import { dockerEngine } from './dockerEngine.mjs';
import { debianAsRoot, installPackages, unfinishedPackages } from './debian.mjs';
import { officialCli } from './officialCli.mjs';
import { bubblewrap, chromium } from './programs.mjs';
import { python } from './python.mjs';
import { registry } from './registry.mjs';

/** @typedef {import('./part.d.ts').Part} Part */
/** @typedef {import('./part.d.ts').Found} Found */
/** @typedef {import('./part.d.ts').Started} Started */

/** By the names under which `standUp` and the tests know them. */
const parts = {
  engine: dockerEngine,
  images: baseImages,
  chromium,
  codeServer,
  bubblewrap,
  registry,
  python,
  officialCli,
};

/** @typedef {keyof typeof parts} PartName */

export const partNames = /** @type {PartName[]} */ (Object.keys(parts));

const marker = join(cache, 'packages-being-installed');

/** Sets up the parts that are missing and starts those that must run.
 * @param {PartName[]} [names]
 * @returns {Promise<Started & { missing: { name: PartName, why: string }[] }>} */
export async function standUp(names = partNames) {
  const found = await find(names);
  /** @type {Map<PartName, Error>} */
  const failures = new Map();
  if (found.size < names.length) {
    await alone(async () => {
      // Whoever had the lock before may have done the work.
      const missing = without(names, await find(names));
      for (const [name, error] of await install(missing)) failures.set(name, error);
    });
    for (const [name, part] of await find(without(names, found))) found.set(name, part);
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
    missing: without(names, found).map((name) => ({
      name,
      why: `${parts[name].name}: ${failures.get(name)?.message ?? parts[name].hint}`,
    })),
    within: (line) => started.reduce((inner, { within }) => within(inner), line),
    end: async () => void (await Promise.all(started.map(({ end }) => end()))),
  };
}

/** @param {PartName[]} names @returns {Promise<Map<PartName, Found>>} */
async function find(names) {
  // What a killed run left half installed may look whole.
  const unfinished = unfinishedPackages(marker);
  /** @type {Map<PartName, Found>} */
  const found = new Map();
  await Promise.all(
    names.map(async (name) => {
      const { packages = [], find } = parts[name];
      if (packages.some((wanted) => unfinished.includes(wanted))) return;
      const part = await find();
      if (part) found.set(name, part);
    }),
  );
  return found;
}

/** @param {PartName[]} names @param {ReadonlyMap<PartName, Found>} found */
function without(names, found) {
  return names.filter((name) => !found.has(name));
}

/** Installs what can be installed here, and gives what failed.
 * @param {PartName[]} names */
async function install(names) {
  /** @type {Map<PartName, Error>} */
  const failures = new Map();
  /** @param {string} title @param {PartName[]} names @param {() => Promise<void>} work */
  const attempt = async (title, names, work) => {
    const began = performance.now();
    process.stderr.write(`Setting up: ${title} …\n`);
    try {
      await work();
      const seconds = Math.round((performance.now() - began) / 1000);
      process.stderr.write(`Set up in ${seconds} s: ${title}\n`);
    } catch (error) {
      for (const name of names) failures.set(name, /** @type {Error} */ (error));
    }
  };

  if (debianAsRoot) {
    const packaged = names.filter((name) => parts[name].packages?.length);
    const packages = packaged.flatMap((name) => parts[name].packages ?? []);
    if (packages.length > 0) {
      const title = `Debian's ${packages.join(', ')}`;
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
