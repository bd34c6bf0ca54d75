import * as z from 'zod';
import type { AgentSummary } from '../../../src/shared/emulator.ts';
import type {
  LogLine,
  SessionSummary,
  SnapshotCheck,
  TimelineEntry,
} from '../../../src/shared/session.ts';
import { time } from '../../admin/time.ts';

// The JSON of the admin API. `src/shared` has the same shapes as types without dependencies;
// `satisfies` keeps the two equal.

const port = z.int().nullable().describe('Port on this computer that the agent listens on');

/** An agent. */
export const agent = z.object({
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
}) satisfies z.ZodType<AgentSummary>;

const state = z.enum(['starting', 'active', 'idle', 'terminating', 'terminated']);

/** One run of a session. */
export const session = z.object({
  runtimeId: z.string(),
  sessionId: z.string(),
  run: z.int().describe('Number of this run of the session id, from 1'),
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
}) satisfies z.ZodType<SessionSummary>;

/** The snapshot check of a session's agent. */
export const snapshotCheck = z.object({
  state: z.enum(['pending', 'checked', 'unchecked']),
  reason: z.string().nullable().describe('Reason why the agent is unchecked'),
  hazards: z
    .array(
      z.object({
        kind: z.enum(['random', 'uuid', 'timestamp', 'connection', 'token', 'dns']),
        call: z.string(),
        file: z.string().nullable().describe('Path relative to the root of the code'),
        line: z.int().nullable(),
        message: z.string(),
      }),
    )
    .readonly(),
}) satisfies z.ZodType<SnapshotCheck>;

/** A line of an agent's output. */
export const logLine = z.object({
  time,
  stream: z.enum(['stdout', 'stderr', 'build']),
  text: z.string(),
}) satisfies z.ZodType<LogLine>;

/** An entry of a session's timeline. */
export const timelineEntry = z.discriminatedUnion('type', [
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
      .describe('Reason why the changed code does not start; null once it starts'),
  }),
]) satisfies z.ZodType<TimelineEntry>;
