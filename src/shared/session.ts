/** How long AWS lets an agent take until its first healthy ping. */
export const INITIALIZATION_TIMEOUT_SECONDS = 60;

/** The life of a session: provisioned on first use, gone when it ends. */
export type SessionState = 'starting' | 'active' | 'idle' | 'terminating' | 'terminated';

/** Why a session ended; a closed list, because every end has a cause that a developer can act on. */
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

/** What the agent's `/ping` last said; times are ISO-8601. */
export interface PingSummary {
  readonly status: 'Healthy' | 'HealthyBusy';
  /** `time_of_last_update` as the agent sent it: AWS trusts whole Unix seconds and nothing else. */
  readonly timeOfLastUpdate: number | string | null;
}

/** Where a session runs. */
export type ComputeSummary = {
  /** Where the agent really listens; null until it does. */
  readonly port: number | null;
} & (
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'container'; readonly containerId: string }
);

/** One life of a session, as the admin API tells it; times are ISO-8601 in virtual time. */
export interface SessionSummary {
  readonly runtimeId: string;
  readonly sessionId: string;
  /** Counts the lives of this session id: 1, 2, … */
  readonly run: number;
  readonly qualifier: string;
  readonly version: string;
  readonly state: SessionState;
  readonly reason: EndReason | null;
  readonly startedAt: string;
  /** Until when it must have started; null before its machine is made, and once it serves. */
  readonly startDeadline: string | null;
  readonly lastActivityAt: string;
  /** When it ends if nothing happens; null while it is busy or ended. */
  readonly idleDeadline: string | null;
  readonly maxDeadline: string;
  readonly ping: PingSummary | null;
  readonly compute: ComputeSummary | null;
}

/** A line that the agent printed, or the build of its image. */
export interface LogLine {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr' | 'build';
  readonly text: string;
}

/** What happened to a session, with the time and the cause. */
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
      readonly status: number;
    }
  | { readonly type: 'note'; readonly message: string }
  /** Its code was changed: why the change does not start, or null where what did not start does now. */
  | { readonly type: 'code'; readonly file: string; readonly problem: string | null }
);
