import type { OfflineModelSettings } from '../src/shared/offlineModel.ts';
import type { ServedPage } from './admin/page.ts';
import type { Logger } from './log.ts';
import type { ComputeMode } from './compute/computeMode.ts';
import type { ContainerOptions } from './compute/container/containerOptions.ts';
import type { PortRange } from '../src/shared/portRange.ts';
import type { DeclaredMemory } from './declaredMemory.ts';
import type { CallerSource } from './policy/callers.ts';
import type { ProjectAgentSource } from './agentSource.ts';
import type { Quotas } from './quotas.ts';
import type { AccessKey } from './wire/signature.ts';

/** The effect of a caller's disconnect on its invocation. In AWS the invocation continues. */
export type OnDisconnect = 'continue' | 'abort';

/** The effect of changed code on idle sessions: reload at the next request, or keep the old code. */
export type CodeChangeMode = 'reload' | 'wait';

/** Options of an emulator. An absent option has the command's default. */
export interface EmulatorOptions {
  readonly agents: readonly ProjectAgentSource[];
  /** The project's memories. Agents get their IDs in MEMORY_<NAME>_ID. */
  readonly memories?: readonly DeclaredMemory[] | undefined;
  /** The folder for state. Without one, state is lost when the emulator closes. */
  readonly dataFolder?: string | undefined;
  /** A file in the format of `export` to import at the start. */
  readonly seed?: string | undefined;
  /** Starts at real time and ignores the stored clock. */
  readonly resetClock?: boolean | undefined;
  /** 0 selects a free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly token?: string | undefined;
  /** Keys that requests must be signed with. Without keys, no signature is required. */
  readonly accessKeys?: readonly AccessKey[] | undefined;
  /** Callers whose IAM policies are enforced on memories. Other callers are allowed everything. */
  readonly callers?: readonly CallerSource[] | undefined;
  /** The name of the agent that `POST /invocations` invokes; by default the first. */
  readonly defaultAgent?: string | undefined;
  readonly region?: string | undefined;
  /** The compute for sessions; by default the one in each agent's project. */
  readonly compute?: ComputeMode | undefined;
  /** The container engine in DOCKER_HOST's notation; by default the one that docker uses. */
  readonly engine?: string | undefined;
  /** Size and platform of containers; by default AWS's size. */
  readonly container?: ContainerOptions | undefined;
  /** Overrides of AWS's quotas; Infinity means unlimited. */
  readonly limits?: Partial<Quotas> | undefined;
  /** Seconds. These override the agents' settings and may be below AWS's minimum of 60. */
  readonly idleTimeout?: number | undefined;
  readonly maxLifetime?: number | undefined;
  readonly pingInterval?: number | undefined;
  /** Seconds that an agent has to respond to a ping. */
  readonly pingTimeout?: number | undefined;
  /** Seconds between a session's last event and the extraction of its memory records. */
  readonly extractionDelay?: number | undefined;
  /** Creates and updates memories at once. By default, they are CREATING or UPDATING for seconds. */
  readonly instantResources?: boolean | undefined;
  /** Number of warm instances for each agent. */
  readonly warm?: number | undefined;
  /** Restart of idle sessions after code changes; enabled by default. */
  readonly onChange?: CodeChangeMode | undefined;
  readonly onDisconnect?: OnDisconnect | undefined;
  /** The platform version of the project's agents; V2 by default, as for new runtimes in AWS. */
  readonly platformVersion?: 'V1' | 'V2' | undefined;
  /** The backend of model calls, in the form of `--model`; by default the offline model. */
  readonly model?: string | undefined;
  /** Backends of individual agents, by the agent's name. */
  readonly agentModels?: Readonly<Record<string, string>> | undefined;
  /** Delays and faults of the offline model; by default none. */
  readonly offlineModel?: Partial<OfflineModelSettings> | undefined;
  /**
   * A JSON file, or `secretsmanager:ID`, with tokens for the provider that is named first; by default
   * the key in the environment.
   */
  readonly modelTokens?: string | undefined;
  /** The model that extracts memory records, in the form of `--model`; by default built-in rules. */
  readonly memoryModel?: string | undefined;
  /** The model whose embeddings rank memory records; by default, records are ranked by words. */
  readonly memoryEmbeddings?: string | undefined;
  /** Timeout of a model call of memory in seconds. */
  readonly memoryTimeout?: number | undefined;
  /** The allowed ports of the project's agents. Their own ones take precedence. */
  readonly allowedPorts?: readonly PortRange[] | undefined;
  /** Opens the page that is served at `/` for the emulator's URL. Called at the first visit. */
  readonly page?: ((url: string) => Promise<ServedPage>) | undefined;
  readonly version?: string | undefined;
  readonly logger?: Logger | undefined;
}
