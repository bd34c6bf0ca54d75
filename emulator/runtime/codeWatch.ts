import { basename, relative } from 'node:path';
import { NOT_CODE } from '../compute/notCode.ts';
import type { Logger } from '../log.ts';
import type { AgentRuntime } from './agents.ts';
import { linksAround } from './codeLinks.ts';

/** Looks at the files of an agent's code. */
export interface CodeWatch {
  close(): Promise<void>;
}

/** An editor saves in several steps, and many files at once. */
const SETTLE_MILLISECONDS = 200;

/** Who is told of changes. */
export interface CodeListener {
  /** At once, with each change. */
  touched(): void;
  /** Once for changes that come together, with the first file that changed. */
  changed(file: string): void;
}

/** Watches an agent's code from now on. */
export function watchCode(
  { source }: AgentRuntime,
  { touched, changed }: CodeListener,
  { dataFolder, logger }: { dataFolder: string; logger: Logger },
): CodeWatch {
  let first: string | null = null;
  let settling: NodeJS.Timeout | undefined;
  let closed = false;
  const watching = watch();

  async function watch() {
    // Loaded when there is something to watch: a start does not wait for it.
    const { watch: start } = await import('chokidar');
    const folders = [...new Set([source.code, source.image?.context ?? source.code])];
    const leadsAround = linksAround(folders);
    return start(folders, {
      ignored: (path) =>
        path === dataFolder ||
        basename(path) === 'node_modules' ||
        NOT_CODE.has(basename(path)) ||
        leadsAround(path),
      ignoreInitial: true,
    })
      .on('all', (_, path) => {
        // Until it has closed, the watcher goes on telling.
        if (closed) return;
        touched();
        first ??= relative(source.code, path);
        clearTimeout(settling);
        settling = setTimeout(settle, SETTLE_MILLISECONDS);
      })
      .on('error', (error) => {
        logger.warn(
          `${source.name}: changes of its code are not seen: ${(error as Error).message}`,
        );
      });
  }

  function settle(): void {
    changed(first ?? source.code);
    first = null;
  }

  return {
    async close() {
      closed = true;
      clearTimeout(settling);
      await (await watching).close();
    },
  };
}
