// Creates the third-party notices of the bundles. Most licenses require that their text is distributed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the folders of the packages that a bundle contains.
 * @param {Iterable<string>} inputs  Paths of a bundle's input files, as esbuild reports them.
 * @returns {string[]} */
export function findPackages(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
    if (folder) folders.add(folder);
  }
  return [...folders];
}

/** Returns name, version, license and license text of each package, grouped by text.
 * @param {Iterable<string>} folders @returns {string} */
export function createNotices(folders) {
  /** @type {Map<string, string[]>} */
  const packagesByText = new Map();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    const texts = readdirSync(folder)
      .filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file))
      .toSorted()
      .map((file) => readFileSync(join(folder, file), 'utf8').trim());
    if (texts.length === 0)
      texts.push(`The package contains only the name of its license: ${license}.`);
    const text = texts.join('\n\n');
    packagesByText.set(text, [
      ...(packagesByText.get(text) ?? []),
      `${name} ${version} (${license})`,
    ]);
  }
  return [...packagesByText]
    .map(([text, packages]) => `${[...new Set(packages)].toSorted().join('\n')}\n\n${text}\n`)
    .toSorted()
    .join(`\n${'-'.repeat(80)}\n\n`);
}
