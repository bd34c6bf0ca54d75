import type { Logger } from '../../emulator/log.ts';
import {
  next,
  type EmulatorHappening,
  type EmulatorState,
} from '../core/emulator/emulatorState.ts';
import { startEmulatorChild, type EmulatorChild } from './emulatorChild.ts';

/** The emulator as a child process: a tracker that is told to start and stop. */
export interface EmulatorProcess {
  state(): EmulatorState;
  /** Calls back after every change, until the function that it gives back is called. */
  onChange(listener: (state: EmulatorState) => void): () => void;
  /** Starts it on a project, unless it runs; resolves when it runs or has failed to. */
  start(project: string, port: number): Promise<EmulatorState>;
  /** Ends it with all its sessions; resolves when it is gone. */
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

/** Supervises one emulator at a time. */
export function createEmulatorProcess({
  command,
  logger,
  readyMilliseconds = READY_MILLISECONDS,
}: EmulatorProcessOptions): EmulatorProcess {
  let state: EmulatorState = { status: 'stopped' };
  let child: EmulatorChild | undefined;
  let overdue: NodeJS.Timeout | undefined;
  const listeners = new Set<(state: EmulatorState) => void>();

  function happen(happening: EmulatorHappening): void {
    const before = state;
    state = next(state, happening);
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

  return {
    state: () => state,
    onChange,
    async start(project, port) {
      await until('stopped', 'failed', 'starting', 'running');
      if (state.status === 'stopped' || state.status === 'failed') {
        logger.info(`starting the local AgentCore on ${project}`);
        happen({ type: 'start', project });
        overdue = setTimeout(() => {
          happen({ type: 'overdue', seconds: readyMilliseconds / 1000 });
          child?.end();
        }, readyMilliseconds);
        child = startEmulatorChild({ command, project, port, logger, tell: happen });
      }
      return until('running', 'failed', 'stopped');
    },
    async stop() {
      if (state.status === 'starting' || state.status === 'running') {
        happen({ type: 'stop' });
        child?.end();
      }
      await until('stopped', 'failed');
    },
  };
}
