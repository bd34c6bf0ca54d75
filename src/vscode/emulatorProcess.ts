import type { Logger } from '../../emulator/index.ts';
import {
  nextState,
  type EmulatorProcessEvent,
  type EmulatorState,
} from '../core/emulator/emulatorState.ts';
import { startEmulatorChild, type EmulatorChild, type EmulatorSettings } from './emulatorChild.ts';
import { findRunningEmulator, waitUntilStopped } from '../core/emulator/runningEmulator.ts';
import { withoutToken } from '../shared/emulator.ts';

/** The emulator as a child process: a tracker that is told to start and stop. */
export interface EmulatorProcess {
  state(): EmulatorState;
  /** Calls back after every change, until the function that it gives back is called. */
  onChange(listener: (state: EmulatorState) => void): () => void;
  /**
   * Starts it on a project, unless it runs; resolves when it runs or has failed to. Where somebody
   * else's serves the project, as another window's does, it is attached to that one.
   */
  start(project: string, settings: EmulatorSettings): Promise<EmulatorState>;
  /** Ends it with all its sessions, or leaves somebody else's alone; resolves when that is done. */
  stop(): Promise<void>;
}

/** What the emulator is supervised with. */
export interface EmulatorProcessOptions {
  /** The file of the command `agentcore-emulator`. */
  readonly command: string;
  readonly logger: Logger;
  readonly readyMilliseconds?: number;
}

/** A bare start takes a fifth of a second; on a busy machine with cold disks many times that. */
const READY_MILLISECONDS = 30_000;

const ENDED_SILENTLY = {
  type: 'exit',
  code: null,
  signal: null,
  startError: null,
  logTail: [],
} as const;

/** Supervises one emulator at a time. */
export function createEmulatorProcess({
  command,
  logger,
  readyMilliseconds = READY_MILLISECONDS,
}: EmulatorProcessOptions): EmulatorProcess {
  let state: EmulatorState = { status: 'stopped' };
  let child: EmulatorChild | undefined;
  let attachment: AbortController | undefined;
  let overdue: NodeJS.Timeout | undefined;
  const listeners = new Set<(state: EmulatorState) => void>();

  function happen(happening: EmulatorProcessEvent): void {
    const before = state;
    state = nextState(state, happening);
    if (state.status !== 'starting') clearTimeout(overdue);
    if (state !== before) for (const listener of listeners) listener(state);
  }

  function onChange(listener: (state: EmulatorState) => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Resolves when the state is one of these. */
  function until(...wanted: EmulatorState['status'][]): Promise<EmulatorState> {
    if (wanted.includes(state.status)) return Promise.resolve(state);
    return new Promise((resolve) => {
      const unfollow = onChange((now) => {
        if (!wanted.includes(now.status)) return;
        unfollow();
        resolve(now);
      });
    });
  }

  async function attach(project: string): Promise<boolean> {
    const url = await findRunningEmulator(project);
    if (url === null || state.status !== 'starting') return false;
    logger.info(`the local AgentCore that serves at ${withoutToken(url)} was started elsewhere`);
    happen({ type: 'found', url });
    const { signal } = (attachment = new AbortController());
    void waitUntilStopped(url, signal).then(() => {
      if (!signal.aborted) happen(ENDED_SILENTLY);
    });
    return true;
  }

  async function run(project: string, settings: EmulatorSettings): Promise<void> {
    if (await attach(project)) return;
    // It was stopped while we looked.
    if (state.status !== 'starting') return happen(ENDED_SILENTLY);
    logger.info(`starting the local AgentCore on ${project}`);
    child = startEmulatorChild({
      command,
      project,
      settings,
      logger,
      tell: (happening) => void tell(happening),
    });

    async function tell(happening: EmulatorProcessEvent): Promise<void> {
      // Two windows that open at once both start one, and the data folder is the first one's.
      const lost = happening.type === 'exit' && state.status === 'starting';
      if (!lost || !(await attach(project))) happen(happening);
    }
  }

  return {
    state: () => state,
    onChange,
    async start(project, settings) {
      await until('stopped', 'failed', 'starting', 'running', 'attached');
      if (state.status === 'stopped' || state.status === 'failed') {
        child = undefined;
        happen({ type: 'start', project });
        overdue = setTimeout(() => {
          happen({ type: 'overdue', seconds: readyMilliseconds / 1000 });
          child?.end();
        }, readyMilliseconds);
        void run(project, settings);
      }
      return until('running', 'attached', 'failed', 'stopped');
    },
    async stop() {
      const { status } = state;
      happen({ type: 'stop' });
      if (status === 'attached') attachment?.abort();
      if (status === 'starting' || status === 'running') child?.end();
      await until('stopped', 'failed');
    },
  };
}
