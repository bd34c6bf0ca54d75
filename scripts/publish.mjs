// Replaces the files of a build while processes of the previous build run.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Name of the list of a build's files. */
const LIST = 'files.json';

/**
 * Writes a build's files into a folder. No file is missing or incomplete at any moment. Files of the previous
 * build stay until the next one, because a running emulator still imports them. Older files are removed.
 * @param {string} folder @param {ReadonlyMap<string, string | Uint8Array>} files content by path in the folder
 */
export function publish(folder, files) {
  const previous = readPublished(folder);
  // Files without a hash in their name are the ones that import the others, so they come last.
  const hasHash = (/** @type {string} */ path) => /-[A-Z0-9]{8}\./.test(path);
  const ordered = [...files].toSorted(([a], [b]) => Number(hasHash(b)) - Number(hasHash(a)));
  for (const [path, content] of ordered) replaceFile(join(folder, path), content);
  replaceFile(join(folder, LIST), JSON.stringify([...files.keys()]));
  const kept = new Set([LIST, ...files.keys(), ...previous]);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(path.slice(join(folder, '/').length))) rmSync(path);
  }
}

/** Returns the paths of the last build's files.
 * @param {string} folder @returns {string[]} */
export function readPublished(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, LIST), 'utf8'));
  } catch {
    // The folder has no build yet, or one without a list.
    return [];
  }
}

/** @param {string} path @param {string | Uint8Array} content */
function replaceFile(path, content) {
  const incomplete = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(incomplete, content);
  renameSync(incomplete, path);
}
