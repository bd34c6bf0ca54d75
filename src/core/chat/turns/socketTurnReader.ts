import type { AnswerEvent } from '../../../shared/chat/answer.ts';
import type { ChatChange } from '../../../shared/chat/change.ts';
import type { SocketStatus } from '../../../shared/chat/socketStatus.ts';
import { runningTurn, type ChatState } from '../../../shared/chat/state.ts';
import type { Outcome, Turn } from '../../../shared/chat/turn.ts';
import type { StreamEvent } from '../../invocation/answer.ts';
import type { Frame } from '../../invocation/framing/frame.ts';
import { createReader } from '../../invocation/reader.ts';
import {
  describeClose,
  isNormalClose,
  type SocketConnection,
  type SocketClose,
} from '../../agents/socketConnection.ts';
import type { RawLog } from './rawLog.ts';

/** What a hearing is made with. */
export interface SocketTurnReaderOptions {
  readonly state: () => ChatState;
  readonly change: (step: ChatChange) => void;
  readonly now: () => number;
  readonly newId: () => string;
  readonly createLog: (turn: string) => RawLog;
}

/** Hears what an agent says on a line, of which no answer's end is the line's own. */
export interface SocketTurnReader {
  /** Whether this turn listens to the line. */
  isReading(turn: string): boolean;
  /** What is said from now on is the answer of this turn, and is kept in its log. */
  startTurn(turn: string, log: RawLog): void;
  /** The line on which it will be said. */
  attach(line: SocketConnection): void;
  /** This turn does not listen any more: it has another end. Says whether it did. */
  abandon(turn: string): boolean;
  /** By its user's word, the turn that listens has its whole answer. */
  completeTurn(): void;
  /** Closes the line; the turn that listens has its whole answer. */
  close(): void;
}

/** Hears nothing yet. */
export function createSocketTurnReader(options: SocketTurnReaderOptions): SocketTurnReader {
  const { state, change, now, newId, createLog } = options;
  let line: SocketConnection | null = null;
  let listening: string | null = null;
  // They outlast a turn: what an agent says once more after its end is known as such.
  let reader = createReader();
  let raw: RawLog | null = null;

  function show(view: SocketStatus | null): void {
    if (view?.state !== state().socket?.state) change({ type: 'socket', socket: view });
  }

  function close(outcome: Outcome): void {
    if (listening === null) return;
    const turn = listening;
    for (const event of reader.end()) hear(event);
    listening = null;
    change({ type: 'closed', turn, outcome, at: now() });
  }

  function logIn(log: RawLog): void {
    log.recordContentType(CONTENT_TYPE);
    raw = log;
  }

  /** The agent speaks without having been asked. */
  function beginUnasked(): string {
    const turn = newId();
    change({ type: 'asked', turn, prompt: '', isUnasked: true, at: now() });
    logIn(createLog(turn));
    return (listening = turn);
  }

  function hear(event: StreamEvent): void {
    if (event.type === 'end') return close({ type: 'completed' });
    if (event.type === 'failure') {
      if (listening === null) beginUnasked();
      return close({ type: 'failed', failure: event.failure });
    }
    if (listening === null && !isWorthATurn(event)) return;
    const turn = listening ?? beginUnasked();
    if (canFollow(event, runningTurn(state())))
      change({ type: 'answered', turn, event, at: now() });
  }

  function hearFrame(frame: Frame): void {
    for (const event of reader.read([frame])) hear(event);
    raw?.recordFrame(frame, now());
  }

  function hearEnd(end: SocketClose): void {
    line = null;
    if (isNormalClose(end)) close({ type: 'completed' });
    else {
      const failure = { name: 'The web socket was closed', message: describeClose(end) };
      close({ type: 'failed', failure });
    }
    show(isNormalClose(end) ? null : { state: 'lost', why: describeClose(end) });
  }

  return {
    isReading: (turn) => turn === listening,
    startTurn(turn, log) {
      reader = createReader();
      logIn(log);
      listening = turn;
    },
    attach(next) {
      const wasLost = state().socket?.state === 'lost';
      show({ state: 'open' });
      if (next === line) return;
      line = next;
      if (wasLost) {
        const text =
          'The web socket was opened again, in the same session. What the agent kept by the one before is gone.';
        hear({ type: 'notice', text });
      }
      next.listen({
        onFrames: (frames) => frames.forEach(hearFrame),
        onClosed: (end) => line === next && hearEnd(end),
      });
    },
    abandon(turn) {
      if (listening !== turn) return false;
      listening = null;
      return true;
    },
    completeTurn: () => close({ type: 'completed' }),
    close() {
      close({ type: 'completed' });
      line?.close();
      line = null;
      show(null);
    },
  };
}

const CONTENT_TYPE = 'messages of a web socket';

function isWorthATurn(event: AnswerEvent): boolean {
  if (event.type === 'text' || event.type === 'thinking') return event.text.trim() !== '';
  return !['usage', 'waiting', 'toolInput', 'toolResult'].includes(event.type);
}

/** Of a tool use that was told of in an earlier turn, the rest has no place in this one. */
function canFollow(event: AnswerEvent, turn: Turn | null): boolean {
  if (event.type !== 'toolInput' && event.type !== 'toolResult') return true;
  return turn?.parts.some((part) => part.type === 'tool' && part.id === event.id) === true;
}
