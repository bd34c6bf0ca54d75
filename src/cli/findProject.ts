import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Returns the nearest project at or above a folder; null if there is none. */
export function findProject(folder: string): string | null {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(join(current, 'agentcore', 'agentcore.json'))) return current;
    if (current === dirname(current)) return null;
  }
}
