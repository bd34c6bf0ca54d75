import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is a folder's own or below it; both are real paths. */
export function isWithin(path: string, folder: string): boolean {
  const place = relative(folder, path);
  return place === '' || !(place === '..' || place.startsWith(`..${sep}`) || isAbsolute(place));
}
