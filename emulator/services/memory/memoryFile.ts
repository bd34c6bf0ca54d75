import { join } from 'node:path';

/** Returns the path of the SQLite file that stores memories. */
export function memoryFile(folder: string): string {
  return join(folder, 'memory.db');
}
