import { join } from 'node:path';

/** The one file in which memories are kept. */
export function memoryFile(folder: string): string {
  return join(folder, 'memory.db');
}
