import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../emulator/index.ts';
import {
  emulatorUrl,
  nextState,
  type EmulatorProcessEvent,
  type EmulatorState,
} from '../core/emulator/emulatorState.ts';
import { startEmulatorChild, type EmulatorChild, type EmulatorSettings } from './emulatorChild.ts';
import type { ManagedEmulator } from '../core/emulator/managedEmulator.ts';
import { findRunningEmulator } from '../core/emulator/runningEmulator.ts';
import {
  createEmulatorClient,
  type EmulatorClient,
} from '../core/emulatorClient/emulatorClient.ts';
import { withoutToken } from '../shared/emulator.ts';

/** Starts, stops and tracks the emulator's child process. */
export interface EmulatorProcess extends ManagedEmulator {
  /**
   * Starts the emulator on a project, unless it is running. Resolves when it is running or has failed. If another
   * process already serves the project, such as another window's emulator, attaches to that one.
   */
  start(project: string, settings: EmulatorSettings): Promise<EmulatorState>;
  /** Stops the emulator and its sessions, or detaches from an emulator that was started elsewhere. */
  stop(): Promise<void>;
}

/** Options of the emulator's process. */
export interface EmulatorProcessOptions {
  /** Path of the `agentcore-emulator` command. */
  readonly command: string;
  readonly logger: Logger;
  readonly readyMilliseconds?: number;
}

/** A normal start takes about 200 ms; a busy machine with cold disks needs much longer. */
const READY_MILLISECONDS = 30_000;

/** Time for another window's emulator, which is starting, to become ready. */
const ATTACH_MILLISECONDS = 10_000;
const ATTACH_POLL_MILLISECONDS = 100;

const EXITED = {
  type: 'exit',
  code: null,
  signal: null,
  startError: null,
  logTail: [],
} as const;

/** Manages at most one emulator at a time. */
export function createEmulatorProcess({
  command,
  logger,
  readyMilliseconds = READY_MILLISECONDS,
}: EmulatorProcessOptions): EmulatorProcess {
  let state: EmulatorState = { status: 'stopped' };
  let child: EmulatorChild | undefined;
  let client: EmulatorClient | null = null;
  let readyTimer: NodeJS.Timeout | undefined;
  const listeners = new Set<(state: EmulatorState) => void>();

  function dispatch(event: EmulatorProcessEvent): void {
    const before = state;
    state = nextState(state, event);
    if (state.status !== 'starting') clearTimeout(readyTimer);
    updateClient();
    if (state !== before) for (const listener of listeners) listener(state);
  }

  function updateClient(): void {
    const url = emulatorUrl(state);
    if (url === (client?.admin.url ?? null)) return;
    client?.close();
    client = url === null ? null : createEmulatorClient(url);
  }

  function onChange(listener: (state: EmulatorState) => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Resolves when the status is one of these. */
  function waitForStatus(...statuses: EmulatorState['status'][]): Promise<EmulatorState> {
    if (statuses.includes(state.status)) return Promise.resolve(state);
    return new Promise((resolve) => {
      const unsubscribe = onChange((current) => {
        if (!statuses.includes(current.status)) return;
        unsubscribe();
        resolve(current);
      });
    });
  }

  async function attach(project: string): Promise<boolean> {
    const url = await findRunningEmulator(project);
    if (url === null || state.status !== 'starting') return false;
    logger.info(
      `Attached to the local AgentCore at ${withoutToken(url)}, which was started elsewhere.`,
    );
    dispatch({ type: 'found', url });
    if (client) watchAttached(project, client);
    return true;
  }

  /** Detects the end of an emulator that was started elsewhere. */
  function watchAttached(project: string, attached: EmulatorClient): void {
    const { admin, sessions } = attached;
    async function checkRunning(): Promise<void> {
      if (sessions.clock() !== null) return;
      // The connection may have broken although the emulator runs. The client connects again.
      const isRunning = (await findRunningEmulator(project)) === admin.url;
      if (!isRunning && client === attached) dispatch(EXITED);
    }
    sessions.onChange(() => void checkRunning());
  }

  async function attachOnceReady(project: string): Promise<boolean> {
    const deadline = Date.now() + ATTACH_MILLISECONDS;
    while (state.status === 'starting' && Date.now() < deadline) {
      if (await attach(project)) return true;
      await sleep(ATTACH_POLL_MILLISECONDS);
    }
    return false;
  }

  async function run(project: string, settings: EmulatorSettings): Promise<void> {
    if (await attach(project)) return;
    // `stop` was called during the search.
    if (state.status !== 'starting') return dispatch(EXITED);
    logger.info(`Starting the local AgentCore for ${project}.`);
    child = startEmulatorChild({
      command,
      project,
      settings,
      logger,
      onEvent: (event) => void onChildEvent(event),
    });

    async function onChildEvent(event: EmulatorProcessEvent): Promise<void> {
      // When two windows start at once, the second emulator exits because the first one locks the data
      // folder. The first one may not be ready yet.
      const isFolderInUse =
        event.type === 'exit' &&
        state.status === 'starting' &&
        event.startError?.includes('is in use by another emulator');
      if (!isFolderInUse || !(await attachOnceReady(project))) dispatch(event);
    }
  }

  return {
    state: () => state,
    client: () => client,
    onChange,
    async start(project, settings) {
      await waitForStatus('stopped', 'failed', 'starting', 'running', 'attached');
      if (state.status === 'stopped' || state.status === 'failed') {
        child = undefined;
        dispatch({ type: 'start', project });
        readyTimer = setTimeout(() => {
          dispatch({ type: 'overdue', seconds: readyMilliseconds / 1000 });
          child?.end();
        }, readyMilliseconds);
        void run(project, settings);
      }
      return waitForStatus('running', 'attached', 'failed', 'stopped');
    },
    async stop() {
      const { status } = state;
      dispatch({ type: 'stop' });
      if (status === 'starting' || status === 'running') child?.end();
      await waitForStatus('stopped', 'failed');
    },
  };
}
