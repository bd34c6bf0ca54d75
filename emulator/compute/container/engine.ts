import Docker from 'dockerode';
import { createEngineCalls, type EngineCalls } from './engineCalls.ts';
import type { FoundEngine } from './findEngine.ts';

/** A connected container engine with the properties that containers depend on. */
export interface Engine extends FoundEngine {
  readonly docker: Docker;
  /** In the notation of images: amd64 or arm64. */
  readonly architecture: string;
  readonly processors: number;
  /** True if the engine runs in a virtual machine with its own network, also on Linux. */
  readonly inVirtualMachine: boolean;
}

/** The engines of an emulator. An engine may stop and return, or be replaced by another. */
export interface Engines {
  /** Connects to the current engine. */
  connect(): Promise<Engine>;
  /** All engines that were ever connected. */
  used(): readonly Engine[];
  /** Aborts all pending calls. Later connections fail. */
  abortCalls(): void;
}

/** Connects to engines on demand. */
export function createEngines(find: () => Promise<FoundEngine>): Engines {
  const calls = createEngineCalls();
  const used: Engine[] = [];
  let connected: { readonly found: FoundEngine; readonly engine: Promise<Engine> } | null = null;

  async function connectTo(found: FoundEngine): Promise<Engine> {
    const engine = await inspectEngine(found, calls);
    used.push(engine);
    return engine;
  }

  return {
    async connect() {
      const found = await find();
      if (connected?.found !== found) connected = { found, engine: connectTo(found) };
      const { engine } = connected;
      return engine.catch((error: unknown) => {
        if (connected?.engine === engine) connected = null;
        throw error;
      });
    },
    used: () => used,
    abortCalls: calls.abort,
  };
}

async function inspectEngine(found: FoundEngine, { agent, limit }: EngineCalls): Promise<Engine> {
  const options = {
    // Otherwise dockerode takes these from DOCKER_HOST, which may name a different engine.
    host: undefined,
    port: undefined,
    protocol: 'http' as const,
    agent,
    ...found.address.place,
  };
  const docker = new Docker(options);
  limit(docker.modem);
  const info = (await docker.info()) as {
    Architecture: string;
    NCPU: number;
    OperatingSystem: string;
  };
  return {
    ...found,
    docker,
    architecture: imageArchitecture(info.Architecture),
    processors: info.NCPU,
    inVirtualMachine: info.OperatingSystem === 'Docker Desktop',
  };
}

function imageArchitecture(machine: string): string {
  return { x86_64: 'amd64', aarch64: 'arm64' }[machine] ?? machine;
}

/** The engine's error message, without dockerode's prefix about HTTP. */
export function engineMessage(error: unknown): string {
  return (error as Error).message.replace(/^\(HTTP code \d+\) .*? - /, '').trim();
}

/** True if the engine reported 404. */
export function isMissing(error: unknown): boolean {
  return (error as { statusCode?: unknown }).statusCode === 404;
}
