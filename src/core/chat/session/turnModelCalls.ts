import type { ModelCallSummary } from '../../../shared/session.ts';
import type { SessionReading } from '../../agents/session.ts';

/** Finds the model calls of the last turn in the readings of its session. */
export interface TurnModelCallReader {
  turnStarted(turn: string, at: number): void;
  turnEnded(at: number): void;
  /** Reports the calls that belong to the last turn, each once. */
  take(reading: SessionReading): void;
  /** Called when another session is followed. */
  reset(): void;
}

/** A call of a turn may be reported after the answer. Later calls are background work. */
const LATE_MILLISECONDS = 1000;

/** Creates a reader without a turn. */
export function createTurnModelCalls(
  onModelCall: (turn: string, call: ModelCallSummary) => void,
): TurnModelCallReader {
  let turn: { readonly id: string; readonly from: number; readonly until: number } | null = null;
  let seen: ReadonlySet<string> = new Set();
  let last: SessionReading['facts']['modelCalls'] = [];

  return {
    turnStarted(id, at) {
      turn = { id, from: at, until: Infinity };
    },
    turnEnded(at) {
      if (turn) turn = { ...turn, until: at + LATE_MILLISECONDS };
    },
    take({ facts: { modelCalls }, offsetSeconds }) {
      // Most responses have no new call.
      if (modelCalls === last) return;
      last = modelCalls;
      const before = seen;
      seen = new Set(modelCalls.map(({ requestId }) => requestId));
      for (const { requestId, time, summary } of modelCalls) {
        if (before.has(requestId) || turn === null) continue;
        const endedAt = Date.parse(time) - offsetSeconds * 1000;
        if (endedAt >= turn.from && endedAt <= turn.until) onModelCall(turn.id, summary);
      }
    },
    reset() {
      turn = null;
      seen = new Set();
      last = [];
    },
  };
}
