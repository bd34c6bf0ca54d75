// The notices that go with what is bundled: most of its licences demand that their text be passed on.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of the packages of which something is in a bundle.
 * @param {Iterable<string>} inputs  the files of a bundle, as esbuild names them
 * @returns {string[]} */
export function packagesOf(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
    if (folder) folders.add(folder);
  }
  return [...folders];
}

/** Name, version, licence and its text of each package, those of the same text together.
 * @param {Iterable<string>} folders @returns {string} */
export function noticesOf(folders) {
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
      texts.push(`Its package has no more than the licence's name: ${license}.`);
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
