import type { Stats } from 'node:fs';
import { basename, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { IGNORED_FOLDERS } from '../../compute/ignoredFolders.ts';
import type { Logger } from '../../log.ts';
import type { ProjectAgentSource } from '../../agentSource.ts';
import { findUnwatchedLinks } from './codeLinks.ts';

/** A running watch of an agent's code. */
export interface CodeWatch {
  close(): Promise<void>;
}

/** Wait for further changes, because an editor saves in several steps and many files at once. */
const SETTLE_MILLISECONDS = 200;

/** File times come from the kernel's clock, which advances in steps of some milliseconds. */
const CLOCK_STEP_MILLISECONDS = 4;

/** Delay before the watch starts, so that the first machine's start and response come first. */
const START_DELAY_MILLISECONDS = 500;

/** Callbacks for code changes. */
export interface CodeListener {
  /** Called at once for each change. */
  onFileEvent(): void;
  /** Called once for a group of changes, with the first changed file. */
  onChange(file: string): void;
}

/** Dependencies of a code watch. */
export interface CodeWatchDependencies {
  readonly dataFolder: string;
  /** Changes count from this real time on. */
  readonly since: number;
  /** The watch starts when this settles. Changes between `since` and then are detected as well. */
  readonly idle: Promise<unknown>;
  readonly logger: Logger;
}

/** Watches an agent's code. */
export function watchCode(
  source: ProjectAgentSource,
  { onFileEvent, onChange }: CodeListener,
  { dataFolder, since, idle, logger }: CodeWatchDependencies,
): CodeWatch {
  let first: string | null = null;
  let settling: NodeJS.Timeout | undefined;
  let isComplete = false;
  const closing = new AbortController();
  const watching = watch().catch((error: Error) => {
    if (!closing.signal.aborted) warn(error);
  });

  async function watch() {
    await Promise.race([idle, aborted(closing.signal)]).catch(() => {});
    await sleep(START_DELAY_MILLISECONDS, undefined, { signal: closing.signal, ref: false });
    const { watch: start } = await import('chokidar');
    const context = source.image?.context ?? source.code;
    const folders = [...new Set([source.code, context])];
    const isUnwatchedLink = findUnwatchedLinks(folders);
    return start(folders, {
      ignored: (path) =>
        path === dataFolder ||
        basename(path) === 'node_modules' ||
        IGNORED_FOLDERS.has(basename(path)) ||
        isUnwatchedLink(path),
      alwaysStat: true,
    })
      .on('all', (event, path, stats) => {
        // The watcher reports events until it has closed.
        if (closing.signal.aborted || (!isComplete && !isNewer(event, stats))) return;
        onFileEvent();
        first ??= relative(source.code, path);
        clearTimeout(settling);
        settling = setTimeout(settle, SETTLE_MILLISECONDS);
      })
      .on('ready', () => (isComplete = true))
      .on('error', (error) => warn(error as Error));
  }

  /** In the initial scan, only files that changed since the start count. */
  function isNewer(event: string, stats: Stats | undefined): boolean {
    return event === 'add' && (stats?.ctimeMs ?? 0) >= since - CLOCK_STEP_MILLISECONDS;
  }

  function warn({ message }: Error): void {
    logger.warn(`${source.name}: Could not watch the code for changes: ${message}`);
  }

  function settle(): void {
    onChange(first ?? source.code);
    first = null;
  }

  return {
    async close() {
      closing.abort();
      clearTimeout(settling);
      await (await watching)?.close();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
