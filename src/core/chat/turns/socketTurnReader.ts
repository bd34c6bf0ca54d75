import type { AnswerEvent } from '../../../shared/chat/answer.ts';
import type { ChatChange } from '../../../shared/chat/change.ts';
import type { SocketStatus } from '../../../shared/chat/socketStatus.ts';
import { runningTurn, type ChatState } from '../../../shared/chat/state.ts';
import type { Outcome, Turn } from '../../../shared/chat/turn.ts';
import {
  describeClose,
  isNormalClose,
  type SocketClose,
  type SocketConnection,
} from '../../agents/socketConnection.ts';
import type { StreamEvent } from '../../invocation/answer.ts';
import type { Frame } from '../../invocation/framing/frame.ts';
import { createFrameReader } from '../../invocation/frameReader.ts';
import type { RawLog } from './rawLog.ts';

/** Dependencies of a socket turn reader. */
export interface SocketTurnReaderOptions {
  readonly state: () => ChatState;
  readonly change: (step: ChatChange) => void;
  readonly now: () => number;
  readonly newId: () => string;
  readonly createLog: (turn: string) => RawLog;
}

/** Reads the turns of a WebSocket, which carries several answers without explicit ends. */
export interface SocketTurnReader {
  /** True if messages belong to this turn. */
  isReading(turn: string): boolean;
  /** Messages belong to this turn from now on. */
  startTurn(turn: string, log: RawLog): void;
  /** Reads this WebSocket from now on. */
  attach(connection: SocketConnection): void;
  /** The turn ended in another way. Returns true if messages belonged to it. */
  abandon(turn: string): boolean;
  /** The user marks the answer as complete. */
  completeTurn(): void;
  /** Closes the WebSocket, which completes the turn. */
  close(): void;
}

const CONTENT_TYPE = 'messages of a WebSocket';

/** Creates a reader without a WebSocket. */
export function createSocketTurnReader(options: SocketTurnReaderOptions): SocketTurnReader {
  const { state, change, now, newId, createLog } = options;
  let connection: SocketConnection | null = null;
  let current: string | null = null;
  // The reader outlasts a turn, so that a message after its end is recognized as part of it.
  let reader = createFrameReader();
  let raw: RawLog | null = null;

  function showStatus(status: SocketStatus | null): void {
    if (status?.state !== state().socket?.state) change({ type: 'socket', socket: status });
  }

  function closeTurn(outcome: Outcome): void {
    if (current === null) return;
    const turn = current;
    for (const event of reader.end()) onEvent(event);
    current = null;
    change({ type: 'closed', turn, outcome, at: now() });
  }

  function startLog(log: RawLog): void {
    log.recordContentType(CONTENT_TYPE);
    raw = log;
  }

  /** The agent sent a message without a prompt. */
  function startUnpromptedTurn(): string {
    const turn = newId();
    change({ type: 'asked', turn, prompt: '', isUnprompted: true, at: now() });
    startLog(createLog(turn));
    return (current = turn);
  }

  function onEvent(event: StreamEvent): void {
    if (event.type === 'end') return closeTurn({ type: 'completed' });
    if (event.type === 'failure') {
      if (current === null) startUnpromptedTurn();
      return closeTurn({ type: 'failed', failure: event.failure });
    }
    if (current === null && !startsTurn(event)) return;
    const turn = current ?? startUnpromptedTurn();
    if (isPartOf(runningTurn(state()), event)) {
      change({ type: 'answered', turn, event, at: now() });
    }
  }

  function onMessage(frame: Frame): void {
    for (const event of reader.read([frame])) onEvent(event);
    raw?.recordFrame(frame, now());
  }

  function onClosed(close: SocketClose): void {
    connection = null;
    if (isNormalClose(close)) {
      closeTurn({ type: 'completed' });
      return showStatus(null);
    }
    const why = describeClose(close);
    closeTurn({ type: 'failed', failure: { name: 'The WebSocket was closed', message: why } });
    showStatus({ state: 'lost', why });
  }

  return {
    isReading: (turn) => turn === current,
    startTurn(turn, log) {
      reader = createFrameReader();
      startLog(log);
      current = turn;
    },
    attach(next) {
      const wasLost = state().socket?.state === 'lost';
      showStatus({ state: 'open' });
      if (next === connection) return;
      connection = next;
      if (wasLost) {
        const text =
          'The WebSocket was reopened in the same session. The agent lost the state of the previous connection.';
        onEvent({ type: 'notice', text });
      }
      next.listen({
        onFrames: (frames) => frames.forEach(onMessage),
        onClosed: (close) => connection === next && onClosed(close),
      });
    },
    abandon(turn) {
      if (current !== turn) return false;
      current = null;
      return true;
    },
    completeTurn: () => closeTurn({ type: 'completed' }),
    close() {
      closeTurn({ type: 'completed' });
      connection?.close();
      connection = null;
      showStatus(null);
    },
  };
}

/** True if an event without a turn starts one. */
function startsTurn(event: AnswerEvent): boolean {
  if (event.type === 'text' || event.type === 'thinking') return event.text.trim() !== '';
  return !['usage', 'waiting', 'toolInput', 'toolResult'].includes(event.type);
}

/** False for the rest of a tool use that an earlier turn began. */
function isPartOf(turn: Turn | null, event: AnswerEvent): boolean {
  if (event.type !== 'toolInput' && event.type !== 'toolResult') return true;
  return turn?.parts.some((part) => part.type === 'tool' && part.id === event.id) === true;
}
