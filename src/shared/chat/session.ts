import type { EndReason } from '../session.ts';

/** What is known of the machine behind the conversation's session. */
export type SessionStatus =
  /** Whoever runs it does not tell, or cannot be asked just now. */
  | { readonly state: 'unknown' }
  /** There is none yet: the first prompt starts it. */
  | { readonly state: 'none' }
  | { readonly state: 'starting' | 'active' | 'ending' }
  | {
      readonly state: 'idle';
      /** When it ends if nothing happens, in real time, ISO-8601. */
      readonly endsAt: string;
      /** What will end it then. */
      readonly limit: 'idle-timeout' | 'max-lifetime';
    }
  | {
      readonly state: 'ended';
      readonly reason: EndReason;
      /** Its last lines, where they say more than the reason. */
      readonly logTail: string | null;
    };

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
}
