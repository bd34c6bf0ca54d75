import type { Stats } from 'node:fs';
import { basename, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { IGNORED_FOLDERS } from '../../compute/ignoredFolders.ts';
import type { Logger } from '../../log.ts';
import type { AgentRuntime } from './agents.ts';
import { findUnwatchedLinks } from './codeLinks.ts';

/** Looks at the files of an agent's code. */
export interface CodeWatch {
  close(): Promise<void>;
}

/** An editor saves in several steps, and many files at once. */
const SETTLE_MILLISECONDS = 200;

/** A file's time is the kernel's, whose clock goes in steps of some milliseconds. */
const CLOCK_STEP_MILLISECONDS = 4;

/** The first machine's start and first answer go before. */
const START_DELAY_MILLISECONDS = 500;

/** Who is told of changes. */
export interface CodeListener {
  /** At once, with each change. */
  onFileEvent(): void;
  /** Once for changes that come together, with the first file that changed. */
  onChange(file: string): void;
}

/** What a watch is kept in. */
export interface CodeWatchDependencies {
  readonly dataFolder: string;
  /** From this moment on changes count, in real time. */
  readonly since: number;
  /** Settles when what has to be done first is done; changes in between are found then. */
  readonly idle: Promise<unknown>;
  readonly logger: Logger;
}

/** Watches an agent's code. */
export function watchCode(
  { source }: AgentRuntime,
  { onFileEvent: touched, onChange: changed }: CodeListener,
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
    const { image } = source;
    const context = image && 'context' in image ? image.context : source.code;
    const folders = [...new Set([source.code, context])];
    const leadsAround = findUnwatchedLinks(folders);
    return start(folders, {
      ignored: (path) =>
        path === dataFolder ||
        basename(path) === 'node_modules' ||
        IGNORED_FOLDERS.has(basename(path)) ||
        leadsAround(path),
      alwaysStat: true,
    })
      .on('all', (event, path, stats) => {
        // Until it has closed, the watcher goes on telling.
        if (closing.signal.aborted || (!isComplete && !isNewer(event, stats))) return;
        touched();
        first ??= relative(source.code, path);
        clearTimeout(settling);
        settling = setTimeout(settle, SETTLE_MILLISECONDS);
      })
      .on('ready', () => (isComplete = true))
      .on('error', (error) => warn(error as Error));
  }

  /** Of what it finds at first, only what was written since counts. */
  function isNewer(event: string, stats: Stats | undefined): boolean {
    return event === 'add' && (stats?.ctimeMs ?? 0) >= since - CLOCK_STEP_MILLISECONDS;
  }

  function warn({ message }: Error): void {
    logger.warn(`${source.name}: changes of its code are not seen: ${message}`);
  }

  function settle(): void {
    changed(first ?? source.code);
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
