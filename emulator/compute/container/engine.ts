import { Agent } from 'node:http';
import Docker from 'dockerode';
import { callEngine, findEngine, type FoundEngine } from './findEngine.ts';

/** A container engine that is connected, and what of it decides how containers are run. */
export interface Engine extends FoundEngine {
  readonly docker: Docker;
  /** In the words of images: amd64, arm64. */
  readonly architecture: string;
  readonly processors: number;
  /** Whether its machine is a virtual one with a network of its own, also on Linux. */
  readonly inVirtualMachine: boolean;
}

/** Gives the engine of the moment: it may go away and come back, or another may be chosen. */
export function createEngineConnection(): () => Promise<Engine> {
  let connected: Engine | null = null;
  let looking: Promise<Engine> | null = null;

  async function look(): Promise<Engine> {
    if (connected && typeof (await callEngine(connected.address)) !== 'string') return connected;
    connected = await connect(await findEngine());
    return connected;
  }
  return () => {
    looking ??= look().finally(() => (looking = null));
    return looking;
  };
}

async function connect(found: FoundEngine): Promise<Engine> {
  const options = {
    // What is not given here dockerode takes from DOCKER_HOST, which need not be what was found.
    host: undefined,
    port: undefined,
    protocol: 'http' as const,
    agent: new Agent({ keepAlive: true }),
    ...found.address.place,
  };
  const docker = new Docker(options);
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

/** How long an engine may take for what it does at once when it is well, in milliseconds. */
const PATIENCE_MILLISECONDS = 120_000;

/** Ends a request to an engine that hangs, so that nobody waits for it for ever. */
export function patience(): { readonly abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(PATIENCE_MILLISECONDS) };
}

/** What the engine said when it refused, without dockerode's words about HTTP. */
export function engineWords(error: unknown): string {
  return (error as Error).message.replace(/^\(HTTP code \d+\) .*? - /, '').trim();
}

/** Whether the engine said that a thing is not there. */
export function isMissing(error: unknown): boolean {
  return (error as { statusCode?: unknown }).statusCode === 404;
}
