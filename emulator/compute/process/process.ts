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
import { findOtherPorts } from './otherPorts.ts';
import { createPrivateMounts, type CommandLine } from './privateMounts.ts';
import { preloadVariables } from './preload.ts';
import {
  ownGroup,
  pauseGroup,
  resumeGroup,
  signalGroup,
} from '../../../src/shared/node/processGroup.ts';
import { createPseudoterminals } from './pseudoterminal.ts';
import { createReaper, type Reaper } from './reaper.ts';
import { wantedVersion } from './runtimeVersion.ts';
import { copyCode } from './workingCopy.ts';

/** How long an agent may take to end by itself, in real time: it is a process, not a deadline. */
const GRACE_MILLISECONDS = 5_000;

/** How often the file with the agent's port is looked for while it starts. */
const LOOK_MILLISECONDS = 2;

/** Runs each machine as a process group of its own on this computer. */
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
        throw new CannotStartError('it has no entrypoint, so it needs a container');
      if (agent.mounts.length > 0) await ownMounts.ensure();
      const launch = await launchers[agent.language].prepare(agent, onLine);
      warnOfVersion(agent, launch);
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

  function warnOfVersion(agent: ProgramCode, { interpreter }: Launch): void {
    if (interpreter.version === (wantedVersion(agent) ?? interpreter.version)) return;
    const warning = `${agent.code} asks for ${agent.runtimeVersion}, which it gets in AWS; here it runs on ${interpreter.name} (${interpreter.command})`;
    // Once for an agent, not for each of its sessions.
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
    const env = processEnvironment({
      host: process.env,
      hostHome: homedir(),
      hasAwsFolder: existsSync(join(homedir(), '.aws')),
      machine: folders,
      own: {
        ...spec.environment,
        ...launch.environment,
        ...preloadVariables(spec.environment, spec.contractPort, portFile),
        // Its child processes find the same interpreter, and the commands of its packages.
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
    // A traceback leads the developer to the sources, and not to a copy that goes with its session.
    const onMapped: OnOutputLine = (stream, text) =>
      onLine(stream, text.replaceAll(copies, sourceOf(spec)));
    return supervise(child, {
      contractPort: spec.contractPort,
      portFile,
      onLine: onMapped,
      mendOf: launch.findFix ?? (() => null),
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

/** What the folder of a machine's copies is a copy of. */
function sourceOf({ root, code }: MachineSpec): string {
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
    onLine,
    mendOf,
    reaper,
    commands,
  }: {
    contractPort: number;
    portFile: string;
    onLine: OnOutputLine;
    mendOf: NonNullable<Launch['findFix']>;
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
  let mend: string | null = null;
  for (const stream of ['stdout', 'stderr'] as const) {
    readLines(child[stream]!, (text) => {
      onLine(stream, text);
      // What is printed and gone on from is no reason of the end; what follows it is another one.
      if (stream === 'stderr') mend = mendOf(text);
    });
  }
  let ended = false;
  // 'close' comes after the last of the output, so that a traceback is whole when it is quoted.
  // Something that the agent left behind may hold its output open: then the exit itself must do.
  const exited = new Promise<MachineExit>((resolve) => {
    const end = (code: number | null, signal: string | null) => {
      ended = true;
      void commands
        .end()
        .then(() => resolve({ code, signal, ...(mend !== null && { fix: mend }) }));
    };
    child.once('close', end);
    child.once('exit', (code, signal) => {
      signalGroup(child, 'SIGKILL');
      void commands.end();
      reaper.forget(pid);
      setTimeout(end, 500, code, signal).unref();
    });
  });

  // A port is written down when it is bound; it is open a moment later.
  async function findPort(): Promise<number> {
    while (!ended) {
      const port = Number(await readFile(portFile, 'utf8').catch(() => ''));
      if (port > 0 && (await isOpen(port))) return port;
      await sleep(LOOK_MILLISECONDS);
    }
    return new Promise(() => {});
  }

  return {
    identity: { kind: 'process', pid },
    listening: findPort(),
    listensElsewhere: () => findOtherPorts(pid, contractPort),
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
      commands.askToEnd();
      // What is paused hears of it when it goes on.
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
