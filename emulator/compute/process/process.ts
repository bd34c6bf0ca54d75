import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CannotStart,
  type Compute,
  type Exit,
  type Machine,
  type MachineSpec,
  type OnLine,
} from '../compute.ts';
import { machineEnvironment } from './environment.ts';
import { launchNode } from './launch.ts';
import { ownGroup, signalGroup } from './processGroup.ts';
import { copyCode } from './workingCopy.ts';

/** How long an agent may take to end by itself, in real time: it is a process, not a deadline. */
const GRACE_MILLISECONDS = 5_000;

/** How often the file with the agent's port is looked for while it starts. */
const LOOK_MILLISECONDS = 5;

/** Runs each machine as a process group of its own on this computer. */
export function createProcessCompute({
  cacheFolder,
  emulatorUrl,
}: {
  cacheFolder: string;
  emulatorUrl: () => string;
}): Compute {
  return {
    kind: 'process',
    prepare: async () => ({ emulatorUrl: emulatorUrl(), start }),
    async close() {},
  };

  async function start(spec: MachineSpec, onLine: OnLine): Promise<Machine> {
    if (spec.language !== 'node') {
      throw new CannotStart('this version of the emulator runs Node and TypeScript agents only');
    }
    const folders = {
      home: join(spec.folder, 'home'),
      tmp: join(spec.folder, 'tmp'),
    };
    await Promise.all(Object.values(folders).map((path) => mkdir(path, { recursive: true })));
    const copy = await copyCode(spec.root, spec.code, join(spec.folder, 'code'));
    const launch = launchNode(copy, spec.entrypoint, {
      nodeOptions: spec.environment['NODE_OPTIONS'],
      compileCache: join(cacheFolder, 'node-compile-cache'),
    });
    const portFile = join(spec.folder, 'port');
    const child = spawn(launch.command, launch.arguments, {
      cwd: copy,
      env: machineEnvironment({
        host: process.env,
        hostHome: homedir(),
        hasAwsFolder: existsSync(join(homedir(), '.aws')),
        machine: folders,
        own: {
          ...spec.environment,
          ...launch.environment,
          PORT: String(spec.contractPort),
          AGENTCORE_EMULATOR_CONTRACT_PORT: String(spec.contractPort),
          AGENTCORE_EMULATOR_PORT_FILE: portFile,
        },
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...ownGroup,
    });
    return supervise(child, portFile, onLine);
  }
}

async function supervise(child: ChildProcess, portFile: string, onLine: OnLine): Promise<Machine> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new CannotStart(error.message)));
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream]! }).on('line', (text) => onLine(stream, text));
  }
  let ended = false;
  // 'close' comes after the last of the output, so that a traceback is whole when it is quoted.
  // Something that the agent left behind may hold its output open: then the exit itself must do.
  const exited = new Promise<Exit>((resolve) => {
    const end = (code: number | null, signal: string | null) => {
      ended = true;
      resolve({ code, signal });
    };
    child.once('close', end);
    child.once('exit', (code, signal) => {
      signalGroup(child, 'SIGKILL');
      setTimeout(end, 500, code, signal).unref();
    });
  });

  async function findPort(): Promise<number> {
    while (!ended) {
      const port = Number(await readFile(portFile, 'utf8').catch(() => ''));
      if (port > 0) return port;
      await sleep(LOOK_MILLISECONDS);
    }
    return new Promise(() => {});
  }

  return {
    identity: { kind: 'process', pid: child.pid! },
    listening: findPort(),
    exited,
    async stop() {
      signalGroup(child, 'SIGTERM');
      const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MILLISECONDS);
      const exit = await exited;
      clearTimeout(kill);
      return exit;
    },
  };
}
