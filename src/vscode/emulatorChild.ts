import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ownGroup } from '../shared/node/processGroup.ts';
import type { Logger } from '../../emulator/index.ts';
import type { EmulatorProcessEvent } from '../core/emulator/emulatorState.ts';
import {
  readStartError,
  readLogLine,
  readReady,
  type LogMessage,
} from '../core/emulator/logLine.ts';

/** An emulator's process that has been started. */
export interface EmulatorChild {
  /** Ends it gently, as this program's death would; and by force if that does not do. */
  end(): void;
}

/** What the user's settings say about it. */
export interface EmulatorSettings {
  /** 0 takes any free one. */
  readonly port: number;
  /** The address of the container engine, as DOCKER_HOST has it; empty leaves it to be found. */
  readonly engine: string;
}

/** How to start one, and whom to tell of it. */
export interface EmulatorChildOptions {
  /** The file of the command `agentcore-emulator`. */
  readonly command: string;
  readonly project: string;
  readonly settings: EmulatorSettings;
  readonly logger: Logger;
  /** Is told when it is ready and when it has ended. */
  readonly tell: (happening: EmulatorProcessEvent & { type: 'ready' | 'exit' }) => void;
}

/**
 * The emulator itself gives up after less; killed before, it would leave its containers behind. (VS Code
 * may not wait for so long, and need not: it ends by itself.)
 */
const END_MILLISECONDS = 40_000;

const TAIL_LINES = 20;

/** Starts the emulator on the Node that runs this program. */
export function startEmulatorChild(options: EmulatorChildOptions): EmulatorChild {
  const { command, project, settings, logger, tell } = options;
  const { port, engine } = settings;
  const child = spawn(
    process.execPath,
    // The emulator generates its token: what is in arguments every user of the machine can read.
    [
      command,
      'start',
      project,
      `--port=${port}`,
      '--token=auto',
      '--end-with-stdin',
      '--log-format=json',
    ],
    {
      cwd: project,
      // Where this program is Electron's, its Node is had by this variable; others ignore it.
      env: {
        ...process.env,
        ELECTRON_RUN_AS_NODE: '1',
        ...(engine !== '' && { DOCKER_HOST: engine }),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // Who kills VS Code's whole group, or ends it by Ctrl-C, leaves it the time to end its sessions.
      ...ownGroup,
    },
  );
  const logTail: string[] = [];
  let complaint: string | null = null;
  let closed = false;

  function note({ level, message }: LogMessage): void {
    logger[level](message);
    logTail.push(message);
    if (logTail.length > TAIL_LINES) logTail.shift();
  }

  function complain(message: string): void {
    logger.error(message);
    // The first of several problems; the log has them all.
    complaint ??= message;
  }

  createInterface({ input: child.stdout }).on('line', (line) => {
    const ready = readReady(line);
    if (ready === null) note({ level: 'warn', message: line });
    else tell({ type: 'ready', url: ready.url });
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    const message = readStartError(line);
    if (message === null) note(readLogLine(line));
    else complain(message);
  });
  // Nobody writes to it; that it breaks when the emulator ends is no news.
  child.stdin.on('error', () => {});
  // What could not even be spawned is closed, too.
  child.once('error', (error) => complain(error.message));
  child.once('close', (code, signal) => {
    closed = true;
    tell({ type: 'exit', code, signal, startError: complaint, logTail });
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
