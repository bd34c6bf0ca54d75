/** The emulator of a program that starts it, from first to last. */
export type EmulatorState =
  | { readonly status: 'stopped' }
  | { readonly status: 'starting'; readonly project: string }
  | { readonly status: 'running'; readonly project: string; readonly url: string }
  /** One that somebody else started serves the project; it ends where it was started. */
  | { readonly status: 'attached'; readonly project: string; readonly url: string }
  /** `because` is why it must end although nobody asked for it; it has failed when it is gone. */
  | { readonly status: 'stopping'; readonly project: string; readonly because: string | null }
  | { readonly status: 'failed'; readonly project: string; readonly failure: EmulatorFailure };

/** Why there is no emulator although there should be one, for the developer. */
export interface EmulatorFailure {
  readonly why: string;
  /** The last of what it logged; empty if it logged nothing. */
  readonly logTail: readonly string[];
}

/** What happens to the emulator. */
export type EmulatorHappening =
  | { readonly type: 'start'; readonly project: string }
  | { readonly type: 'ready'; readonly url: string }
  /** Somebody else's serves the project. */
  | { readonly type: 'found'; readonly url: string }
  /** It did not say in time that it is ready. */
  | { readonly type: 'overdue'; readonly seconds: number }
  | { readonly type: 'stop' }
  | {
      readonly type: 'exit';
      readonly code: number | null;
      readonly signal: string | null;
      /** What it said about why it cannot run, if it did. */
      readonly complaint: string | null;
      readonly logTail: readonly string[];
    };

/** The state after something happened; what cannot happen in a state is a bug and throws. */
export function next(state: EmulatorState, happening: EmulatorHappening): EmulatorState {
  switch (happening.type) {
    case 'start':
      if (state.status !== 'stopped' && state.status !== 'failed') break;
      return { status: 'starting', project: happening.project };
    case 'ready':
      // It may say so while it is being ended.
      if (state.status === 'stopping') return state;
      if (state.status !== 'starting') break;
      return { status: 'running', project: state.project, url: happening.url };
    case 'found':
      if (state.status !== 'starting') break;
      return { status: 'attached', project: state.project, url: happening.url };
    case 'overdue':
      if (state.status !== 'starting') return state;
      return {
        status: 'stopping',
        project: state.project,
        because: `it was not ready after ${happening.seconds} seconds`,
      };
    case 'stop':
      if (state.status === 'attached') return { status: 'stopped' };
      if (state.status !== 'starting' && state.status !== 'running') return state;
      return { status: 'stopping', project: state.project, because: null };
    case 'exit': {
      if (state.status === 'stopped' || state.status === 'failed') break;
      if (state.status === 'stopping' && state.because === null) return { status: 'stopped' };
      const why = whyItEnded(state, happening);
      const { logTail } = happening;
      return { status: 'failed', project: state.project, failure: { why, logTail } };
    }
  }
  throw new Error(`'${happening.type}' cannot happen to an emulator that is ${state.status}`);
}

function whyItEnded(
  state: EmulatorState & { status: 'starting' | 'running' | 'attached' | 'stopping' },
  { code, signal, complaint }: EmulatorHappening & { type: 'exit' },
): string {
  if (state.status === 'stopping' && state.because !== null) return state.because;
  if (complaint !== null) return complaint;
  if (state.status === 'attached') return 'it was ended where it had been started';
  const how = signal === null ? `ended with exit code ${code}` : `was ended by signal ${signal}`;
  return state.status === 'starting' ? `it ${how} before it was ready` : `it ${how}`;
}

/** Where the project is served, if it is. */
export function addressIn(state: EmulatorState): string | null {
  return state.status === 'running' || state.status === 'attached' ? state.url : null;
}
