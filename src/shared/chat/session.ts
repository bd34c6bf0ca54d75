import type { EndReason } from '../session.ts';

/** What is known of the machine behind the conversation's session. */
export type SessionStatus =
  /** Whoever runs it does not tell, or cannot be asked just now. */
  | { readonly state: 'unknown' }
  /** There is none yet: the first prompt starts it. */
  | { readonly state: 'none' }
  | { readonly state: 'starting'; readonly start: StartProgress }
  | { readonly state: 'active'; readonly brokenCode?: BrokenCode }
  | { readonly state: 'ending' }
  | {
      readonly state: 'idle';
      readonly brokenCode?: BrokenCode;
      /** When it ends if nothing happens, in real time, ISO-8601. */
      readonly endsAt: string;
      /** What will end it then. */
      readonly limit: 'idle-timeout' | 'max-lifetime';
      readonly estimate?: SessionEstimate;
    }
  | {
      readonly state: 'ended';
      readonly reason: EndReason;
      /** Its last lines, where they say more than the reason. */
      readonly logTail: string | null;
      readonly estimate?: SessionEstimate;
    };

/** How far a start has come. */
export interface StartProgress {
  /** When it fails if the agent does not serve, in real time, ISO-8601; null before its time begins. */
  readonly readyBy: string | null;
  /** What keeps it from serving, as far as that can be seen. */
  readonly warning: string | null;
  /** Its last lines; null before the first. */
  readonly printed: string | null;
}

/** Code that was changed and does not start, so that the old code answers. */
export interface BrokenCode {
  readonly file: string;
  /** What became of starting it. */
  readonly why: string;
}

/** A state that nobody tells, reckoned by the times of this chat's own turns. */
export interface SessionEstimate {
  /** And by what the runtime's settings say of idling and living, or by AWS's defaults for them. */
  readonly basis: 'settings' | 'defaults';
  /** When it ends whatever happens, ISO-8601. */
  readonly maxEndsAt: string;
}

/** Why a turn meets a machine that has not seen the turns before it. */
export type OpeningReason =
  | EndReason
  /** One's own wish. */
  | 'new-session'
  /** The turns before it are copies from another conversation. */
  | 'forked'
  /** The turns before it are from a file. */
  | 'imported';

/** A turn that meets a machine that has not seen the turns before it. */
export interface Opening {
  readonly why: OpeningReason;
  /** Whether nobody has told it, and it is only most likely. */
  readonly isEstimated?: true;
}
