import { lstatSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { isWithin } from '../../compute/isWithin.ts';

/**
 * Creates a predicate for symbolic links that a file watcher must not follow: links into a watched
 * folder, and links to a folder that contains the link, which would recurse forever.
 */
export function findUnwatchedLinks(folders: readonly string[]): (path: string) => boolean {
  return (path) => {
    try {
      if (!lstatSync(path).isSymbolicLink()) return false;
      const [parent, target] = [realpathSync(dirname(path)), realpathSync(path)];
      const isWatched = folders.some((folder) => isWithin(target, realpathSync(folder)));
      return isWatched || isWithin(parent, target);
    } catch {
      // The link was removed or its target does not exist.
      return false;
    }
  };
}
