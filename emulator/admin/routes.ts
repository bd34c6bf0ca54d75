import * as z from 'zod';
import { explanation, retrieval } from './memoryShapes.ts';
import { JSON_LINES } from './memories.ts';

// The shapes of the admin API: what is checked, what openapi.json says, and what tests hold the
// answers to. `src/shared` has the same as plain types, for programs that talk to the emulator.

const time = z.iso.datetime().describe('virtual time, ISO-8601 UTC');
const availability = z.string().describe("'available', or the reason why not");

const port = z.int().nullable().describe('where the agent listens on this machine');

const agent = z.object({
  runtimeId: z.string(),
  arn: z.string(),
  name: z.string(),
  protocol: z.enum(['HTTP', 'MCP', 'A2A', 'AGUI']),
  language: z.enum(['node', 'python']).nullable(),
  endpoints: z.array(z.object({ name: z.string(), version: z.string() })).readonly(),
  status: z.enum([
    'CREATING',
    'CREATE_FAILED',
    'UPDATING',
    'UPDATE_FAILED',
    'READY',
    'DELETING',
    'DELETE_FAILED',
  ]),
  warm: z.number(),
});

const state = z.enum(['starting', 'active', 'idle', 'terminating', 'terminated']);

const session = z.object({
  runtimeId: z.string(),
  sessionId: z.string(),
  run: z.int().describe('counts the lives of this session id'),
  qualifier: z.string(),
  version: z.string(),
  state,
  reason: z
    .enum([
      'idle-timeout',
      'max-lifetime',
      'stopped',
      'unhealthy',
      'crashed',
      'start-failed',
      'reloaded',
      'runtime-deleted',
      'emulator-closed',
    ])
    .nullable(),
  startedAt: time,
  startDeadline: time.nullable(),
  lastActivityAt: time,
  idleDeadline: time.nullable(),
  maxDeadline: time,
  ping: z
    .object({
      status: z.enum(['Healthy', 'HealthyBusy']),
      timeOfLastUpdate: z.union([z.number(), z.string()]).nullable(),
    })
    .nullable(),
  compute: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('process'), pid: z.int(), port }),
      z.object({ kind: z.literal('container'), containerId: z.string(), port }),
    ])
    .nullable(),
});

const logLine = z.object({ time, stream: z.enum(['stdout', 'stderr', 'build']), text: z.string() });

const timelineEntry = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('state'),
    time,
    from: state.nullable(),
    to: state,
    cause: z.string(),
  }),
  z.object({ type: z.literal('invocation'), time, requestId: z.string(), outcome: z.string() }),
  z.object({
    type: z.literal('call'),
    time,
    requestId: z.string(),
    operation: z.string(),
    status: z.int(),
  }),
  z.object({ type: z.literal('note'), time, message: z.string() }),
  z.object({
    type: z.literal('code'),
    time,
    file: z.string(),
    problem: z
      .string()
      .nullable()
      .describe('why its change does not start; null where what did not start does now'),
  }),
]);

const clock = z.object({
  now: time,
  realNow: z.iso.datetime().describe('real time, ISO-8601 UTC'),
  offsetSeconds: z.number().describe('how far virtual time is ahead of real time'),
  resetsAtNextStart: z.boolean().describe('the next start sets the clock back to real time'),
});

const operation = z.object({
  name: z.string(),
  plane: z.enum(['data', 'control']),
  method: z.string(),
  path: z.string(),
  status: z.enum(['emulated', 'partly', 'not']),
  lacks: z.string().nullable().describe('what is missing where it is emulated partly'),
});

const loosening = z.object({
  plane: z.enum(['data', 'control']),
  structure: z.string(),
  member: z.string(),
  demand: z.string().describe("what of AWS's model is not demanded of it"),
  why: z.string(),
});

const count = z.int().min(0);
/** One call of the admin API. */
export interface Route {
  readonly method: 'get' | 'post';
  /** In Express's form: `:name` for a label. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  /** What may stand in the query, each as often as one likes, and its values. */
  readonly query?: Readonly<Record<string, readonly string[]>>;
  /** The type of a body that is read as it comes, and is no JSON document. */
  readonly takes?: string;
  readonly answer?: z.ZodType;
  /** The type of an answer that is a stream, and no JSON document. */
  readonly streams?: string;
}

const session1 = '/sessions/:runtimeId/:sessionId';
const logs = { answer: z.object({ logs: z.array(logLine) }), summary: 'What a session printed' };
const timeline = {
  answer: z.object({ timeline: z.array(timelineEntry) }),
  summary: 'What happened to a session, and why',
};

/** The admin API, all below `/_emulator`. */
export const routes = {
  health: {
    method: 'get',
    path: '/health',
    summary: 'Whether the emulator serves, and what it can run',
    answer: z.object({
      status: z.literal('ready'),
      version: z.string(),
      url: z.string(),
      pid: z.int(),
      uptimeSeconds: z.number(),
      compute: z.object({ process: availability, container: availability }),
    }),
  },
  agents: {
    method: 'get',
    path: '/agents',
    summary: "The project's agents, and those that were deployed",
    answer: z.object({ agents: z.array(agent) }),
  },
  sessions: {
    method: 'get',
    path: '/sessions',
    summary: 'Sessions, oldest first: those that live and the last thousand that ended',
    answer: z.object({ sessions: z.array(session) }),
  },
  logs: { method: 'get', path: `${session1}/logs`, ...logs },
  logsOfRun: { method: 'get', path: `${session1}/:run/logs`, ...logs },
  timeline: { method: 'get', path: `${session1}/timeline`, ...timeline },
  timelineOfRun: { method: 'get', path: `${session1}/:run/timeline`, ...timeline },
  clock: { method: 'get', path: '/clock', summary: 'Virtual and real time', answer: clock },
  advanceClock: {
    method: 'post',
    path: '/clock',
    summary: 'Moves virtual time on; answers when all that fell due has been carried out',
    body: z.strictObject({ advanceSeconds: z.number().min(0).max(315_360_000) }),
    answer: clock,
  },
  resetClock: {
    method: 'post',
    path: '/clock/reset',
    summary:
      'Sets the clock back to real time at the next start; until then it keeps running ahead',
    answer: clock,
  },
  events: {
    method: 'get',
    path: '/events',
    summary: 'Everything that happens, or what is of these types, as server-sent events',
    query: { type: ['session', 'timeline', 'log', 'clock'] },
    streams: 'text/event-stream',
  },
  exportMemories: {
    method: 'get',
    path: '/memories',
    summary: 'All that is remembered, one record a line',
    streams: JSON_LINES,
  },
  importMemories: {
    method: 'post',
    path: '/memories',
    summary: 'Takes in such lines, all or none; what is there already stays as it is',
    takes: JSON_LINES,
    answer: z.object({
      added: z.object({ memories: count, events: count, records: count }),
      alreadyThere: count,
    }),
  },
  retrievals: {
    method: 'get',
    path: '/memories/:memoryId/retrievals',
    summary: 'What was retrieved of a memory of late, the newest first',
    answer: z.object({ retrievals: z.array(retrieval) }),
  },
  explain: {
    method: 'post',
    path: '/memories/:memoryId/explain',
    summary: 'Why RetrieveMemoryRecords finds what it finds, and what it leaves out',
    body: z.looseObject({}).describe('the input of RetrieveMemoryRecords'),
    answer: explanation,
  },
  operations: {
    method: 'get',
    path: '/operations',
    summary: 'Every operation of AgentCore, how far it is emulated, and where less is demanded',
    answer: z.object({ operations: z.array(operation), loosenings: z.array(loosening) }),
  },
  openapi: {
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    answer: z.looseObject({ openapi: z.string() }),
  },
} satisfies Record<string, Route>;

/** Each call by its name. */
export type RouteName = keyof typeof routes;

/** What a call answers with. */
export type AnswerOf<Name extends RouteName> = (typeof routes)[Name] extends {
  answer: infer Answer extends z.ZodType;
}
  ? z.input<Answer>
  : never;
