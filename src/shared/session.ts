import type { ModelCallSummary } from './modelCall.ts';

/** AWS's timeout for an agent's first healthy ping. */
export const INITIALIZATION_TIMEOUT_SECONDS = 60;

/** State of a session run. */
export type SessionState = 'starting' | 'active' | 'idle' | 'terminating' | 'terminated';

/** Reason why a session ended. The list is closed, so that every end has a specific cause. */
export type EndReason =
  | 'idle-timeout'
  | 'max-lifetime'
  | 'stopped'
  | 'unhealthy'
  | 'crashed'
  | 'start-failed'
  | 'reloaded'
  | 'runtime-deleted'
  | 'emulator-closed';

/** Last response of the agent's `/ping`. */
export interface PingSummary {
  readonly status: 'Healthy' | 'HealthyBusy';
  /** `time_of_last_update` as the agent sent it: AWS trusts whole Unix seconds and nothing else. */
  readonly timeOfLastUpdate: number | string | null;
}

/** Machine of a session. */
export type ComputeSummary = {
  /** Host port of the agent; null until it listens. */
  readonly port: number | null;
} & (
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'container'; readonly containerId: string }
);

/** A run of a session, as the admin API returns it. Times are ISO-8601 in virtual time. */
export interface SessionSummary {
  readonly runtimeId: string;
  readonly sessionId: string;
  /** Number of the run of this session id: 1, 2, … */
  readonly run: number;
  readonly qualifier: string;
  readonly version: string;
  readonly state: SessionState;
  readonly reason: EndReason | null;
  readonly startedAt: string;
  /** Deadline of the start; null before the machine exists and after the agent is ready. */
  readonly startDeadline: string | null;
  readonly lastActivityAt: string;
  /** End of the session without further activity; null while it is busy or after it ended. */
  readonly idleDeadline: string | null;
  readonly maxDeadline: string;
  readonly ping: PingSummary | null;
  readonly compute: ComputeSummary | null;
}

/**
 * The status of a call whose client disconnected before the response. HTTP has none; it is nginx's.
 */
export const CLIENT_CLOSED = 499;

/** Something that two sessions would share that AWS restored from one snapshot of the loaded agent. */
export interface SnapshotHazard {
  readonly kind: 'random' | 'uuid' | 'timestamp' | 'connection' | 'token' | 'dns';
  /** The call as its language writes it, such as `uuid.uuid4()`. */
  readonly call: string;
  /** Path relative to the root of the project or of the deployed code; null if a package has the call. */
  readonly file: string | null;
  readonly line: number | null;
  /** Explains the hazard, and names the fix. */
  readonly message: string;
}

/** The snapshot check of a session's agent. */
export interface SnapshotCheck {
  /** `pending` until the agent is ready; `unchecked` for the given reason. */
  readonly state: 'pending' | 'checked' | 'unchecked';
  readonly reason: string | null;
  readonly hazards: readonly SnapshotHazard[];
}

/** A line of output of the agent, or of its image build. */
export interface LogLine {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr' | 'build';
  readonly text: string;
}

/** An entry of a session's timeline, with its time and cause. */
export type TimelineEntry = { readonly time: string } & (
  | {
      readonly type: 'state';
      readonly from: SessionState | null;
      readonly to: SessionState;
      readonly cause: string;
    }
  | { readonly type: 'invocation'; readonly requestId: string; readonly outcome: string }
  | {
      readonly type: 'call';
      readonly requestId: string;
      readonly operation: string;
      /** The HTTP status of the response, or CLIENT_CLOSED. */
      readonly status: number;
      /** Present for calls of models. */
      readonly model?: ModelCallSummary | undefined;
    }
  | { readonly type: 'note'; readonly message: string }
  /** The agent's code changed. `problem` is why it does not start; null once it starts again. */
  | { readonly type: 'code'; readonly file: string; readonly problem: string | null }
);
