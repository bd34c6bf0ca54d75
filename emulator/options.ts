import type { ServedPage } from './admin/page.ts';
import type { Logger } from './log.ts';
import type { ComputeMode } from './compute/computeMode.ts';
import type { ContainerOptions } from './compute/container/containerOptions.ts';
import type { DeclaredMemory } from './services/memory/declaredMemory.ts';
import type { CallerSource } from './policy/callers.ts';
import type { AgentSource } from './services/runtime/agents.ts';
import type { OnDisconnect } from './services/runtime/invoke.ts';
import type { Quotas } from './services/runtime/quotas.ts';
import type { CodeChangeMode } from './services/runtime/runtimeSessions.ts';
import type { AccessKey } from './wire/signature.ts';

/** What an emulator is made with; every absent option has the default of the command. */
export interface EmulatorOptions {
  readonly agents: readonly AgentSource[];
  /** The memories that agents find by MEMORY_<NAME>_ID. */
  readonly memories?: readonly DeclaredMemory[] | undefined;
  /** Where state is kept; without one nothing outlives the emulator. */
  readonly dataFolder?: string | undefined;
  /** A file of lines as `export` writes them, to be remembered from the start. */
  readonly seed?: string | undefined;
  /** Starts at real time, whatever the data folder's clock says. */
  readonly resetClock?: boolean | undefined;
  /** 0 takes any free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly token?: string | undefined;
  /** By which keys requests are to be signed; absent, whoever comes in need not sign. */
  readonly accessKeys?: readonly AccessKey[] | undefined;
  /** Whose policies are obeyed where memories are used; whoever is not among them may do anything. */
  readonly callers?: readonly CallerSource[] | undefined;
  /** The name of the agent that `POST /invocations` reaches; else the first. */
  readonly defaultAgent?: string | undefined;
  readonly region?: string | undefined;
  /** What sessions run in; by default what each agent's project says. */
  readonly compute?: ComputeMode | undefined;
  /** Where the container engine is, as DOCKER_HOST has it; by default where docker finds it. */
  readonly engine?: string | undefined;
  /** How large a container is, by default as a session's machine in AWS, and of what platform. */
  readonly container?: ContainerOptions | undefined;
  /** Of AWS's limits those that are others here; Infinity is none. */
  readonly limits?: Partial<Quotas> | undefined;
  /** In seconds; they override what the agents say, also below AWS's minimum of 60. */
  readonly idleTimeout?: number | undefined;
  readonly maxLifetime?: number | undefined;
  readonly pingInterval?: number | undefined;
  /** How many seconds after a session's last event records are made of it. */
  readonly extractionDelay?: number | undefined;
  /** How many instances of each agent wait for a session, ready and asleep. */
  readonly warm?: number | undefined;
  /** Whether idle sessions go on with changed code; by default they do. */
  readonly onChange?: CodeChangeMode | undefined;
  readonly onDisconnect?: OnDisconnect | undefined;
  /** What is served at `/`; called with the first visit, when the emulator has long been ready. */
  readonly page?: (() => Promise<ServedPage>) | undefined;
  readonly version?: string | undefined;
  readonly logger?: Logger | undefined;
}
