import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '../../../../log.ts';
import { ModelError } from '../../modelError.ts';
import type { ModelScript, ScriptedTurn } from './scriptSchema.ts';

/** Maximum bytes of a script. */
const MAX_BYTES = 1_000_000;

/** The current content of a script file. */
export interface LoadedScript extends ModelScript {
  /** Counts a use of a turn. Returns false if `times` is already reached. */
  use(turn: ScriptedTurn): boolean;
}

export interface ScriptFile {
  /** Returns null without a file. Throws a ModelError with the problems of an invalid file. */
  load(): Promise<LoadedScript | null>;
}

/** Creates a reader of a script that reads the file again when it has changed. */
export function createScriptFile(path: string, name: string, logger: Logger): ScriptFile {
  let version: string | undefined;
  let loaded: Promise<LoadedScript> | undefined;

  async function read(size: bigint): Promise<LoadedScript> {
    if (size > MAX_BYTES)
      throw invalid([`1:1: The file has ${size} bytes. The limit is ${MAX_BYTES}.`]);
    const [source, { parseScript }] = await Promise.all([
      readFile(path, 'utf8'),
      import('./parseScript.ts'),
    ]);
    const parsed = parseScript(source);
    if ('problems' in parsed) throw invalid(parsed.problems);
    logger.info(`The offline model uses ${name}.`);
    const uses = new Map<ScriptedTurn, number>();
    return {
      ...parsed.script,
      use(turn) {
        const count = (uses.get(turn) ?? 0) + 1;
        if (count > (turn.times ?? Infinity)) return false;
        uses.set(turn, count);
        return true;
      },
    };
  }

  function invalid(problems: readonly string[]): ModelError {
    const message = problems.map((problem) => `${name}:${problem}`).join('\n');
    logger.error(message);
    return new ModelError('invalid', message);
  }

  return {
    async load() {
      const found = await stat(path, { bigint: true }).catch(() => null);
      if (!found?.isFile()) {
        loaded = undefined;
        version = undefined;
        return null;
      }
      const current = `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
      if (!loaded || current !== version) {
        version = current;
        loaded = read(found.size);
      }
      return loaded;
    },
  };
}
