/** State of the emulator of a program that starts it. */
export type EmulatorState =
  | { readonly status: 'stopped' }
  | { readonly status: 'starting'; readonly project: string }
  | { readonly status: 'running'; readonly project: string; readonly url: string }
  /** Another program's emulator serves the project. Only that program stops it. */
  | { readonly status: 'attached'; readonly project: string; readonly url: string }
  /** `because` is null for a requested stop. Otherwise the emulator fails for this reason. */
  | { readonly status: 'stopping'; readonly project: string; readonly because: string | null }
  | { readonly status: 'failed'; readonly project: string; readonly failure: EmulatorFailure };

/** The reason why an emulator is not running. */
export interface EmulatorFailure {
  /** A clause without a period, to put into a sentence. */
  readonly why: string;
  /** Last log lines; empty if it logged nothing. */
  readonly logTail: readonly string[];
}

/** An event of the emulator's process. */
export type EmulatorProcessEvent =
  | { readonly type: 'start'; readonly project: string }
  | { readonly type: 'ready'; readonly url: string }
  /** Another program's emulator serves the project. */
  | { readonly type: 'found'; readonly url: string }
  /** The emulator was not ready in time. */
  | { readonly type: 'overdue'; readonly seconds: number }
  | { readonly type: 'stop' }
  | {
      readonly type: 'exit';
      readonly code: number | null;
      readonly signal: string | null;
      /** The emulator's own reason for not starting; null if it gave none. */
      readonly startError: string | null;
      readonly logTail: readonly string[];
    };

/** Returns the state after an event; throws for an event that the state does not allow. */
export function nextState(state: EmulatorState, event: EmulatorProcessEvent): EmulatorState {
  switch (event.type) {
    case 'start':
      if (state.status !== 'stopped' && state.status !== 'failed') break;
      return { status: 'starting', project: event.project };
    case 'ready':
      // The process may become ready while it is being stopped.
      if (state.status === 'stopping') return state;
      if (state.status !== 'starting') break;
      return { status: 'running', project: state.project, url: event.url };
    case 'found':
      if (state.status !== 'starting') break;
      return { status: 'attached', project: state.project, url: event.url };
    case 'overdue':
      if (state.status !== 'starting') return state;
      return {
        status: 'stopping',
        project: state.project,
        because: `it was not ready after ${event.seconds} seconds`,
      };
    case 'stop':
      if (state.status === 'attached') return { status: 'stopped' };
      if (state.status !== 'starting' && state.status !== 'running') return state;
      return { status: 'stopping', project: state.project, because: null };
    case 'exit': {
      if (state.status === 'stopped' || state.status === 'failed') break;
      if (state.status === 'stopping' && state.because === null) return { status: 'stopped' };
      const why = explainExit(state, event);
      return { status: 'failed', project: state.project, failure: { why, logTail: event.logTail } };
    }
  }
  throw new Error(`The emulator cannot handle '${event.type}' while it is ${state.status}.`);
}

function explainExit(
  state: EmulatorState & { status: 'starting' | 'running' | 'attached' | 'stopping' },
  { code, signal, startError }: EmulatorProcessEvent & { type: 'exit' },
): string {
  if (state.status === 'stopping' && state.because !== null) return state.because;
  if (startError !== null) return startError;
  if (state.status === 'attached') return 'it was stopped by the program that started it';
  const exit = signal === null ? `exited with code ${code}` : `was ended by signal ${signal}`;
  return state.status === 'starting' ? `it ${exit} before it was ready` : `it ${exit}`;
}

/** URL of the emulator that serves the project; null if none does. */
export function emulatorUrl(state: EmulatorState): string | null {
  return state.status === 'running' || state.status === 'attached' ? state.url : null;
}
