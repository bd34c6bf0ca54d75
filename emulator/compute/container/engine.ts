import Docker from 'dockerode';
import { createEngineCalls, type EngineCalls } from './engineCalls.ts';
import type { FoundEngine } from './findEngine.ts';

/** A container engine that is connected, and what of it decides how containers are run. */
export interface Engine extends FoundEngine {
  readonly docker: Docker;
  /** In the words of images: amd64, arm64. */
  readonly architecture: string;
  readonly processors: number;
  /** Whether its machine is a virtual one with a network of its own, also on Linux. */
  readonly inVirtualMachine: boolean;
}

/** The engines that an emulator has used: it may go away and come back, or another be found. */
export interface Engines {
  /** The engine of the moment. */
  connect(): Promise<Engine>;
  /** All that were ever connected. */
  used(): readonly Engine[];
  /** Breaks off whatever any of them still owes; none is connected after that. */
  breakOff(): void;
}

/** No engine is connected yet. */
export function createEngines(find: () => Promise<FoundEngine>): Engines {
  const calls = createEngineCalls();
  const used: Engine[] = [];
  let connected: { readonly found: FoundEngine; readonly engine: Promise<Engine> } | null = null;

  async function reach(found: FoundEngine): Promise<Engine> {
    const engine = await describe(found, calls);
    used.push(engine);
    return engine;
  }

  return {
    async connect() {
      const found = await find();
      if (connected?.found !== found) connected = { found, engine: reach(found) };
      const { engine } = connected;
      return engine.catch((error: unknown) => {
        if (connected?.engine === engine) connected = null;
        throw error;
      });
    },
    used: () => used,
    breakOff: calls.breakOff,
  };
}

async function describe(found: FoundEngine, { agent, limit }: EngineCalls): Promise<Engine> {
  const options = {
    // What is not given here dockerode takes from DOCKER_HOST, which need not be what was found.
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
    architecture: imageWord(info.Architecture),
    processors: info.NCPU,
    inVirtualMachine: info.OperatingSystem === 'Docker Desktop',
  };
}

function imageWord(machine: string): string {
  return { x86_64: 'amd64', aarch64: 'arm64' }[machine] ?? machine;
}

/** What the engine said when it refused, without dockerode's words about HTTP. */
export function engineMessage(error: unknown): string {
  return (error as Error).message.replace(/^\(HTTP code \d+\) .*? - /, '').trim();
}

/** Whether the engine said that a thing is not there. */
export function isMissing(error: unknown): boolean {
  return (error as { statusCode?: unknown }).statusCode === 404;
}
