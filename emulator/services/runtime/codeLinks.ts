import { lstatSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { isWithin } from '../../compute/isWithin.ts';

/**
 * Tells the links that a watch of folders must not follow: those that lead to what is watched anyway, and
 * those to a folder that they are in themselves, which have no end.
 */
export function findUnwatchedLinks(folders: readonly string[]): (path: string) => boolean {
  return (path) => {
    try {
      if (!lstatSync(path).isSymbolicLink()) return false;
      const [place, target] = [realpathSync(dirname(path)), realpathSync(path)];
      const isWatched = folders.some((folder) => isWithin(target, realpathSync(folder)));
      return isWatched || isWithin(place, target);
    } catch {
      // It is gone, or leads nowhere.
      return false;
    }
  };
}
