import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { removeFolder } from '../../storage/removal.ts';
import {
  CannotStartError,
  type AgentCode,
  type Compute,
  type MachineExit,
  type Machine,
  type MachineSpec,
  type OnOutputLine,
  type ProgramCode,
} from '../compute.ts';
import { isWithin } from '../isWithin.ts';
import { readLines } from '../lines.ts';
import { createMachineCommands, type MachineCommands } from './commands.ts';
import { processEnvironment } from './processEnvironment.ts';
import type { Launch } from './launch.ts';
import { createNodeLauncher } from './launchNode.ts';
import { createPythonLauncher } from './launchPython.ts';
import { readLoadReport } from './loadReport.ts';
import { findOtherPorts } from './otherPorts.ts';
import { createPrivateMounts, type CommandLine } from './privateMounts.ts';
import { allowedPortFile, preloadVariables } from './preload.ts';
import {
  ownGroup,
  pauseGroup,
  resumeGroup,
  signalGroup,
} from '../../../src/shared/node/processGroup.ts';
import { createPseudoterminals } from './pseudoterminal.ts';
import { createReaper, type Reaper } from './reaper.ts';
import { requestedVersion } from './runtimeVersion.ts';
import { copyCode } from './workingCopy.ts';

/** Time for an agent to end by itself, in real time. */
const GRACE_MILLISECONDS = 5_000;

/** Interval between checks for the agent's port while it starts. */
const POLL_MILLISECONDS = 2;

/** Runs each machine as a process group on this computer. */
export function createProcessCompute({
  dataFolder,
  emulatorUrl,
  logger,
}: {
  dataFolder: string;
  emulatorUrl: string;
  logger: Logger;
}): Compute {
  const launchers = {
    node: createNodeLauncher({ compileCache: join(dataFolder, 'cache', 'node-compile-cache') }),
    python: createPythonLauncher(),
  };
  const storageFolder = join(dataFolder, 'storage');
  const ownMounts = createPrivateMounts();
  const findPseudoterminal = createPseudoterminals();
  const warned = new Set<string>();
  const reaper = createReaper(logger);

  return {
    kind: 'process',
    async prepare(agent, onLine) {
      if (!isProgram(agent))
        throw new CannotStartError('it has no entrypoint. Run it in a container');
      if (agent.mounts.length > 0) await ownMounts.ensure();
      const launch = await launchers[agent.language].prepare(agent, onLine);
      warnAboutVersion(agent, launch);
      return {
        emulatorUrl,
        image: null,
        start: (spec, onAgentLine) => start(launch, spec, onAgentLine),
      };
    },
    removeStorage: (id) => removeFolder(join(storageFolder, id)),
    async close() {
      await Promise.all(Object.values(launchers).map((launcher) => launcher.close()));
    },
  };

  function warnAboutVersion(agent: ProgramCode, { interpreter }: Launch): void {
    if (interpreter.version === (requestedVersion(agent) ?? interpreter.version)) return;
    const warning = `${agent.code} requests ${agent.runtimeVersion}, on which it runs in AWS. Here it runs on ${interpreter.name} (${interpreter.command}).`;
    // Once for each agent, not for each session.
    if (!warned.has(warning)) logger.warn(warning);
    warned.add(warning);
  }

  async function start(launch: Launch, spec: MachineSpec, onLine: OnOutputLine): Promise<Machine> {
    const folders = {
      home: join(spec.folder, 'home'),
      tmp: join(spec.folder, 'tmp'),
    };
    await Promise.all(Object.values(folders).map((path) => mkdir(path, { recursive: true })));
    const copies = join(spec.folder, 'code');
    const copy = await copyCode(spec, copies, dataFolder);
    const path = spec.environment['PATH'] ?? process.env['PATH'] ?? '';
    const portFile = join(spec.folder, 'port');
    const loadReport = spec.isSnapshotted ? join(spec.folder, 'load') : null;
    const env = processEnvironment({
      host: process.env,
      hostHome: homedir(),
      hasAwsFolder: existsSync(join(homedir(), '.aws')),
      machine: folders,
      own: {
        ...spec.environment,
        ...launch.environment,
        ...preloadVariables(spec.environment, spec, { portFile, loadReport, codeFolder: copy }),
        // Child processes find the same interpreter and the commands of its packages.
        PATH: dirname(launch.interpreter.command) + delimiter + path,
        PORT: String(spec.contractPort),
      },
    });
    const inMachine = (line: CommandLine) => withMounts(line, launch, spec);
    const [program, ...rest] = await inMachine([launch.interpreter.command, ...launch.arguments]);
    const child = spawn(program, rest, {
      cwd: copy,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...ownGroup,
    });
    // Tracebacks refer to the sources instead of the session's temporary copy.
    const onMapped: OnOutputLine = (stream, text) =>
      onLine(stream, text.replaceAll(copies, findSourceFolder(spec)));
    return supervise(child, {
      contractPort: spec.contractPort,
      portFile,
      readLoadReport: async () => (loadReport === null ? null : readLoadReport(loadReport, copies)),
      onLine: onMapped,
      findFix: launch.findFix ?? (() => null),
      reaper,
      commands: createMachineCommands({
        inMachine,
        cwd: copy,
        env,
        home: folders.home,
        findPseudoterminal,
        reaper,
      }),
    });
  }

  async function withMounts(
    line: CommandLine,
    launch: Launch,
    spec: MachineSpec,
  ): Promise<CommandLine> {
    if (spec.storage === null) return line;
    return ownMounts.wrap(line, {
      storage: spec.storage,
      storageFolder,
      place: join(spec.folder, 'mnt'),
      needs: [dataFolder, spec.root, launch.interpreter.command],
    });
  }
}

/** Returns the folder that a machine's working copy was made from. */
function findSourceFolder({ root, code }: MachineSpec): string {
  return isWithin(code, root) ? root : code;
}

function isProgram(agent: AgentCode): agent is ProgramCode {
  return agent.entrypoint !== null && agent.language !== null;
}

async function supervise(
  child: ChildProcess,
  {
    contractPort,
    portFile,
    readLoadReport: readReport,
    onLine,
    findFix,
    reaper,
    commands,
  }: {
    contractPort: number;
    portFile: string;
    readLoadReport: Machine['readLoadReport'];
    onLine: OnOutputLine;
    findFix: NonNullable<Launch['findFix']>;
    reaper: Reaper;
    commands: MachineCommands;
  },
): Promise<Machine> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new CannotStartError(error.message)));
  });
  const pid = child.pid!;
  reaper.watch(pid);
  let fix: string | null = null;
  for (const stream of ['stdout', 'stderr'] as const) {
    readLines(child[stream]!, (text) => {
      onLine(stream, text);
      // Only the last line counts: after an earlier error the program went on.
      if (stream === 'stderr') fix = findFix(text);
    });
  }
  let ended = false;
  // 'close' follows the last output, so that a quoted traceback is complete. A background process may
  // hold the output open; then the exit counts after half a second.
  const exited = new Promise<MachineExit>((resolve) => {
    const end = (code: number | null, signal: string | null) => {
      ended = true;
      void commands.end().then(() => resolve({ code, signal, ...(fix !== null && { fix }) }));
    };
    child.once('close', end);
    child.once('exit', (code, signal) => {
      signalGroup(child, 'SIGKILL');
      void commands.end();
      reaper.forget(pid);
      setTimeout(end, 500, code, signal).unref();
    });
  });

  // The port is written when it is bound. It accepts connections shortly after.
  async function findPort(): Promise<number> {
    while (!ended) {
      // A failed asynchronous read costs more than ten times as much as this check.
      const written = existsSync(portFile) && (await readFile(portFile, 'utf8').catch(() => ''));
      const port = Number(written);
      if (port > 0 && (await isOpen(port))) return port;
      await sleep(POLL_MILLISECONDS);
    }
    return new Promise(() => {});
  }

  return {
    identity: { kind: 'process', pid },
    listening: findPort(),
    async findPort(port) {
      const file = port === contractPort ? portFile : allowedPortFile(portFile, port);
      return Number(await readFile(file, 'utf8').catch(() => '')) || null;
    },
    listensElsewhere: () => findOtherPorts(pid, contractPort),
    readLoadReport: readReport,
    exited,
    run: commands.run,
    openTerminal: commands.openTerminal,
    async pause() {
      pauseGroup(child);
    },
    async resume() {
      resumeGroup(child);
    },
    async stop() {
      signalGroup(child, 'SIGTERM');
      commands.terminate();
      // A paused process gets the signal when it resumes.
      resumeGroup(child);
      const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MILLISECONDS);
      const exit = await exited;
      clearTimeout(kill);
      return exit;
    },
  };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
