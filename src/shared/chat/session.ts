import type { PortRange } from '../portRange.ts';
import type { EndReason, StartDeadline } from '../session.ts';

/** State of the conversation's session. */
export type SessionStatus =
  /** The state is not reported, or the emulator cannot be reached. */
  | { readonly state: 'unknown' }
  /** The session has no run yet; the first prompt starts one. */
  | { readonly state: 'none' }
  | { readonly state: 'starting'; readonly start: StartProgress }
  | {
      readonly state: 'active';
      readonly brokenCode?: BrokenCode;
      readonly servers?: SessionServers;
    }
  | { readonly state: 'ending' }
  | {
      readonly state: 'idle';
      readonly brokenCode?: BrokenCode;
      /** When the run ends without further activity, in real time, ISO-8601. */
      readonly endsAt: string;
      /** The deadline at that time. */
      readonly limit: 'idle-timeout' | 'max-lifetime';
      readonly servers?: SessionServers;
      readonly estimate?: SessionEstimate;
    }
  | {
      readonly state: 'ended';
      readonly reason: EndReason;
      /** The run's last output, if it explains the reason. */
      readonly logTail: string | null;
      readonly estimate?: SessionEstimate;
    };

/** The session's endpoint, at which callers reach servers in its machine. */
export interface SessionServers {
  /** URL of the endpoint, without a port. */
  readonly url: string;
  /** The pages that a browser can open; null if each request needs credentials, which it cannot send. */
  readonly pages: SessionPages | null;
}

/** Pages in the machine of an emulator's session. */
export interface SessionPages {
  /** Names the endpoint in URLs. */
  readonly token: string;
  readonly ports: readonly PortRange[];
}

/** Progress of a start. */
export interface StartProgress {
  /** Deadline of the first healthy ping or the warm-up hook, in real time; null before it is set. */
  readonly deadline: StartDeadline | null;
  /** Likely cause of a slow start. */
  readonly warning: string | null;
  /** The agent's last output; null before the first. */
  readonly printed: string | null;
}

/** A code change that does not start, so that the previous code still runs. */
export interface BrokenCode {
  readonly file: string;
  /** The error of the start. */
  readonly why: string;
}

/** Marks a state that AWS does not report, and that is estimated from this chat's turns. */
export interface SessionEstimate {
  /** The session timeouts: the runtime's settings, or AWS's defaults. */
  readonly basis: 'settings' | 'defaults';
  /** Maximum lifetime deadline, ISO-8601. */
  readonly maxEndsAt: string;
}

/** The reason why a turn's run has not received the earlier turns. */
export type OpeningReason =
  | EndReason
  /** The user chose a new session. */
  | 'new-session'
  /** The turns before it are copies from another conversation. */
  | 'forked'
  /** The turns before it are from a file. */
  | 'imported';

/** The start of a run that has not received the earlier turns. */
export interface Opening {
  readonly why: OpeningReason;
  /** True if the end of the previous run is an estimate. */
  readonly isEstimated?: true;
}
