import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ownGroup } from '../shared/node/processGroup.ts';
import { modelOptions, type ModelSettings } from '../core/emulator/modelSettings.ts';
import type { Logger } from '../../emulator/index.ts';
import type { EmulatorProcessEvent } from '../core/emulator/emulatorState.ts';
import {
  readStartError,
  readLogLine,
  readReady,
  type LogMessage,
} from '../core/emulator/logLine.ts';

/** A running emulator process. */
export interface EmulatorChild {
  /** Asks the process to end by closing its stdin, and kills it after a timeout. */
  end(): void;
}

/** User settings of the emulator. */
export interface EmulatorSettings {
  /** TCP port; 0 uses any free port. */
  readonly port: number;
  /** Ports of the agents that session endpoints reach, as `--allowed-ports` expects them; empty for none. */
  readonly allowedPorts: string;
  /** Address of the container engine in DOCKER_HOST format; empty to detect it. */
  readonly engine: string;
  readonly models: ModelSettings;
}

/** Options of an emulator process. */
export interface EmulatorChildOptions {
  /** Path of the `agentcore-emulator` command. */
  readonly command: string;
  readonly project: string;
  readonly settings: EmulatorSettings;
  readonly logger: Logger;
  /** Called when the emulator is ready and when it has exited. */
  readonly onEvent: (event: EmulatorProcessEvent & { type: 'ready' | 'exit' }) => void;
}

/**
 * Longer than the emulator's own shutdown limit: an emulator killed earlier would leave containers behind. VS
 * Code may exit before that, but the emulator still shuts down.
 */
const END_MILLISECONDS = 40_000;

const TAIL_LINES = 20;

/** Starts the emulator with the Node.js that runs this process. */
export function startEmulatorChild(options: EmulatorChildOptions): EmulatorChild {
  const { command, project, settings, logger, onEvent } = options;
  const { port, allowedPorts, engine, models } = settings;
  const child = spawn(
    process.execPath,
    // The emulator generates its own token, because every user of the machine can read command arguments.
    [
      command,
      'start',
      project,
      `--port=${port}`,
      ...(allowedPorts === '' ? [] : [`--allowed-ports=${allowedPorts}`]),
      ...modelOptions(models),
      '--token=auto',
      '--end-with-stdin',
      '--log-format=json',
    ],
    {
      cwd: project,
      // Makes Electron run as plain Node.js. Other runtimes ignore the variable.
      env: {
        ...process.env,
        ELECTRON_RUN_AS_NODE: '1',
        ...(engine !== '' && { DOCKER_HOST: engine }),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // In its own process group the emulator survives Ctrl-C and a kill of VS Code's group, and can end its sessions.
      ...ownGroup,
    },
  );
  const logTail: string[] = [];
  let errorMessage: string | null = null;
  let closed = false;

  function addLog({ level, message }: LogMessage): void {
    logger[level](message);
    logTail.push(message);
    if (logTail.length > TAIL_LINES) logTail.shift();
  }

  function setError(message: string): void {
    logger.error(message);
    // Of several problems the first one is reported; the log has them all.
    errorMessage ??= message;
  }

  createInterface({ input: child.stdout }).on('line', (line) => {
    const ready = readReady(line);
    if (ready === null) addLog({ level: 'warn', message: line });
    else onEvent({ type: 'ready', url: ready.url });
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    const message = readStartError(line);
    if (message === null) addLog(readLogLine(line));
    else setError(message);
  });
  // Nothing is written to stdin, so an error when the emulator ends is harmless.
  child.stdin.on('error', () => {});
  // A process that fails to spawn also emits `close`.
  child.once('error', (error) => setError(error.message));
  child.once('close', (code, signal) => {
    closed = true;
    onEvent({ type: 'exit', code, signal, startError: errorMessage, logTail });
  });

  return {
    end() {
      if (closed) return;
      child.stdin.end();
      const kill = setTimeout(() => child.kill('SIGKILL'), END_MILLISECONDS);
      child.once('close', () => clearTimeout(kill));
    },
  };
}
