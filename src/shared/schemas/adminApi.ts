import * as z from 'zod';
import { OFFLINE_FAULTS } from '../offlineModel.ts';

// The JSON of the emulator's admin API: the emulator describes its calls with these schemas, and the
// client parses answers with them.

/** Virtual times in the admin API. */
export const time = z.iso.datetime().describe('virtual time, ISO-8601 UTC');

/** The body of every error. */
export const adminError = z.object({ message: z.string() });

const count = z.int().min(0);

/** An agent of the project or a deployed runtime. */
const agentSummary = z.object({
  runtimeId: z.string(),
  arn: z.string(),
  name: z.string(),
  protocol: z.enum(['HTTP', 'MCP', 'A2A', 'AGUI']),
  language: z.enum(['node', 'python']).nullable().describe('null for a container image'),
  endpoints: z
    .array(z.object({ name: z.string(), version: z.string() }))
    .readonly()
    .describe('endpoints, and the version that new sessions of each run'),
  status: z.enum([
    'CREATING',
    'CREATE_FAILED',
    'UPDATING',
    'UPDATE_FAILED',
    'READY',
    'DELETING',
    'DELETE_FAILED',
  ]),
  warm: z.number().describe('number of machines in the warm pool'),
});
export type AgentSummary = Readonly<z.infer<typeof agentSummary>>;

/** State of a session run. */
const sessionState = z.enum(['starting', 'active', 'idle', 'terminating', 'terminated']);
export type SessionState = z.infer<typeof sessionState>;

/** Reason why a session ended. The list is closed, so that every end has a specific cause. */
const endReason = z.enum([
  'idle-timeout',
  'max-lifetime',
  'stopped',
  'unhealthy',
  'crashed',
  'start-failed',
  'reloaded',
  'runtime-deleted',
  'emulator-closed',
]);
export type EndReason = z.infer<typeof endReason>;

/** Last response of the agent's `/ping`. */
const pingSummary = z.object({
  status: z.enum(['Healthy', 'HealthyBusy']),
  timeOfLastUpdate: z
    .union([z.number(), z.string()])
    .nullable()
    .describe(
      '`time_of_last_update` as the agent sent it: AWS trusts whole Unix seconds and nothing else',
    ),
});

const port = z.int().nullable().describe('port on this computer; null until the agent listens');

/** Machine of a session. */
const computeSummary = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('process'), pid: z.int(), port }),
  z.object({ kind: z.literal('container'), containerId: z.string(), port }),
]);
export type ComputeSummary = Readonly<z.infer<typeof computeSummary>>;

/** The time limit of a part of a start. */
const startDeadline = z.object({
  at: time,
  timeoutSeconds: z.int().describe('seconds that the part may take'),
});
export type StartDeadline = Readonly<z.infer<typeof startDeadline>>;

/** The session endpoint of a running session. */
const sessionEndpoint = z.object({
  token: z
    .string()
    .describe(
      "names the endpoint: /~TOKEN:PORT/ below the emulator's URL, and TOKEN-PORT.localhost",
    ),
  ports: z
    .array(z.object({ from: z.int(), to: z.int() }))
    .readonly()
    .describe("ports that it reaches beside the agent's own"),
  requiresCredentials: z
    .boolean()
    .describe('true if each request must be signed or carry a token, which a browser cannot do'),
});
export type SessionEndpoint = Readonly<z.infer<typeof sessionEndpoint>>;

/** A run of a session. */
const sessionSummary = z.object({
  runtimeId: z.string(),
  sessionId: z.string(),
  run: z.int().describe('number of this run of the session id, from 1'),
  qualifier: z.string(),
  version: z.string(),
  state: sessionState,
  reason: endReason.nullable(),
  startedAt: time,
  startDeadline: startDeadline
    .nullable()
    .describe('null before the machine exists and after the agent is ready'),
  lastActivityAt: time,
  idleDeadline: time
    .nullable()
    .describe('end without further activity; null while the session is busy or after it ended'),
  maxDeadline: time,
  ping: pingSummary.nullable(),
  compute: computeSummary.nullable(),
  endpoint: sessionEndpoint
    .nullable()
    .describe('null without allowed ports, and unless the session accepts requests'),
});
export type SessionSummary = Readonly<z.infer<typeof sessionSummary>>;

/** Something that two sessions would share that AWS restored from one snapshot of the loaded agent. */
const snapshotHazard = z.object({
  kind: z.enum(['random', 'uuid', 'timestamp', 'connection', 'token', 'dns']),
  call: z.string().describe('the call as its language writes it, such as `uuid.uuid4()`'),
  file: z
    .string()
    .nullable()
    .describe('path relative to the root of the code; null if a package has the call'),
  line: z.int().nullable(),
  message: z.string().describe('explains the hazard, and names the fix'),
});
export type SnapshotHazard = Readonly<z.infer<typeof snapshotHazard>>;

/** The snapshot check of a session's agent. */
export const snapshotCheck = z.object({
  state: z.enum(['pending', 'checked', 'unchecked']).describe('pending until the agent is ready'),
  reason: z.string().nullable().describe('reason why the agent is unchecked'),
  hazards: z.array(snapshotHazard).readonly(),
});
export type SnapshotCheck = Readonly<z.infer<typeof snapshotCheck>>;

/** A line of output of the agent, or of its image build. */
const logLine = z.object({
  time,
  stream: z.enum(['stdout', 'stderr', 'build']),
  text: z.string(),
});
export type LogLine = Readonly<z.infer<typeof logLine>>;

/** A call of a model. */
export const modelCallSummary = z.object({
  model: z.string().describe('ID of the model as the client sent it'),
  backend: z.string().describe('backend that replied, as --model names it'),
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  timeToFirstToken: z
    .number()
    .nullable()
    .describe('real milliseconds until the first token of the reply; null if there was none'),
  tools: z.array(z.string()).readonly().describe('names of the tools that the model called'),
  cost: z
    .number()
    .nullable()
    .describe('estimated US dollars; null without a known price or if the backend costs nothing'),
  stopReason: z.string().nullable().describe('null if the reply did not end'),
  error: z.string().nullable().describe('reason why the call failed; null if it did not'),
});
export type ModelCallSummary = Readonly<z.infer<typeof modelCallSummary>>;

/** An entry of a session's timeline, with its time and cause. */
const timelineEntry = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('state'),
    time,
    from: sessionState.nullable(),
    to: sessionState,
    cause: z.string(),
  }),
  z.object({ type: z.literal('invocation'), time, requestId: z.string(), outcome: z.string() }),
  z.object({
    type: z.literal('call'),
    time,
    requestId: z.string(),
    operation: z.string(),
    status: z.int().describe('HTTP status of the response; 499 if the client disconnected before'),
    model: modelCallSummary.optional().describe('present for calls of models'),
  }),
  z.object({ type: z.literal('note'), time, message: z.string() }),
  z.object({
    type: z.literal('code'),
    time,
    file: z.string(),
    problem: z
      .string()
      .nullable()
      .describe('reason why the changed code does not start; null once it starts'),
  }),
]);
export type TimelineEntry = Readonly<z.infer<typeof timelineEntry>>;

/** The backends that were chosen for model calls, by the names of `--model`. */
const modelChoices = z.object({
  default: z.string().describe('the backend of all agents without a choice of their own'),
  agents: z.record(z.string(), z.string()).describe("backends by the agent's name"),
  sessions: z
    .array(z.object({ runtimeId: z.string(), sessionId: z.string(), model: z.string() }))
    .readonly(),
  tokens: z
    .array(
      z.object({
        model: z.string().describe('the backend that uses the token'),
        name: z.string(),
        state: z.enum(['unused', 'accepted', 'exhausted', 'rejected']),
        remaining: z.number().nullable().describe('the part of its limit that is left, if known'),
      }),
    )
    .readonly()
    .describe('the tokens of `--model-tokens`, without their values'),
});
export type ModelChoices = Readonly<z.infer<typeof modelChoices>>;

/** The settings of the offline model. */
const offlineModel = z.object({
  latency: z.number().describe('milliseconds before each reply'),
  tokensPerSecond: z.number().nullable().describe('null if replies are sent at once'),
  fault: z.enum(OFFLINE_FAULTS).nullable().describe('the failure of every call'),
});

/** Identifies a run of a session. */
const sessionRun = z.object({
  runtimeId: z.string(),
  sessionId: z.string(),
  run: z.int(),
});
export type SessionRun = Readonly<z.infer<typeof sessionRun>>;

const availability = z.string().describe("'available', or the reason why it is not");

/** State of an emulator. */
const emulatorHealth = z.object({
  status: z.literal('ready'),
  version: z.string(),
  url: z.string(),
  pid: z.int(),
  uptimeSeconds: z.number(),
  compute: z.object({ process: availability, container: availability }),
});
export type EmulatorHealth = Readonly<z.infer<typeof emulatorHealth>>;

/** Virtual and real time. */
const clockReading = z.object({
  now: time,
  realNow: z.iso.datetime().describe('real time, ISO-8601 UTC'),
  offsetSeconds: z.number().describe('how far virtual time is ahead of real time'),
  resetsAtNextStart: z.boolean().describe('the next start sets the clock back to real time'),
});
export type ClockReading = Readonly<z.infer<typeof clockReading>>;

/** An event of `GET /_emulator/events`. */
export const emulatorEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session'), session: sessionSummary }),
  z.object({ type: z.literal('timeline'), of: sessionRun, entry: timelineEntry }),
  z.object({ type: z.literal('log'), of: sessionRun, line: logLine }),
  z.object({ type: z.literal('clock'), clock: clockReading }),
]);
export type EmulatorEvent = Readonly<z.infer<typeof emulatorEvent>>;

/** Numbers of memories, events and records. */
const memoryCounts = z.object({ memories: count, events: count, records: count });
export type MemoryCounts = Readonly<z.infer<typeof memoryCounts>>;

/** Result of an import of memories. */
const importSummary = z.object({
  added: memoryCounts,
  alreadyThere: count.describe('lines whose content existed before'),
});
export type ImportSummary = Readonly<z.infer<typeof importSummary>>;

/** The answers of the calls that a program makes. */
export const adminAnswers = {
  health: emulatorHealth,
  clock: clockReading,
  agents: z.object({ agents: z.array(agentSummary) }),
  sessions: z.object({ sessions: z.array(sessionSummary) }),
  logs: z.object({ logs: z.array(logLine) }),
  timeline: z.object({ timeline: z.array(timelineEntry) }),
  importMemories: importSummary,
  models: modelChoices,
  offlineModel,
  ollamaModels: z.object({ models: z.array(z.string()).readonly() }),
};
