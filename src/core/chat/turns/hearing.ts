import type { AnswerEvent } from '../../../shared/chat/answer.ts';
import type { ChatChange } from '../../../shared/chat/change.ts';
import type { LineView } from '../../../shared/chat/line.ts';
import { runningTurn, type ChatState } from '../../../shared/chat/state.ts';
import type { Outcome, Turn } from '../../../shared/chat/turn.ts';
import type { StreamEvent } from '../../invocation/answer.ts';
import type { Frame } from '../../invocation/framing/frame.ts';
import { createReader } from '../../invocation/reader.ts';
import { endInWords, isGoodbye, type Line, type LineEnd } from '../../targets/line.ts';
import type { RawLog } from './rawLog.ts';

/** What a hearing is made with. */
export interface HearingOptions {
  readonly state: () => ChatState;
  readonly change: (step: ChatChange) => void;
  readonly now: () => number;
  readonly newId: () => string;
  readonly keepRaw: (turn: string) => RawLog;
}

/** Hears what an agent says on a line, of which no answer's end is the line's own. */
export interface Hearing {
  /** Whether this turn listens to the line. */
  listens(turn: string): boolean;
  /** What is said from now on is the answer of this turn, and is kept in its log. */
  begin(turn: string, log: RawLog): void;
  /** The line on which it will be said. */
  take(line: Line): void;
  /** This turn does not listen any more: it has another end. Says whether it did. */
  giveUp(turn: string): boolean;
  /** By its user's word, the turn that listens has its whole answer. */
  settle(): void;
  /** Closes the line; the turn that listens has its whole answer. */
  hangUp(): void;
}

/** Hears nothing yet. */
export function createHearing(options: HearingOptions): Hearing {
  const { state, change, now, newId, keepRaw } = options;
  let line: Line | null = null;
  let listening: string | null = null;
  // They outlast a turn: what an agent says once more after its end is known as such.
  let reader = createReader();
  let raw: RawLog | null = null;

  function show(view: LineView | null): void {
    if (view?.state !== state().line?.state) change({ type: 'line', line: view });
  }

  function close(outcome: Outcome): void {
    if (listening === null) return;
    const turn = listening;
    for (const event of reader.end()) hear(event);
    listening = null;
    change({ type: 'closed', turn, outcome, at: now() });
  }

  function logIn(log: RawLog): void {
    log.begin(CONTENT_TYPE);
    raw = log;
  }

  /** The agent speaks without having been asked. */
  function beginUnasked(): string {
    const turn = newId();
    change({ type: 'asked', turn, prompt: '', isUnasked: true, at: now() });
    logIn(keepRaw(turn));
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
    raw?.note(frame, now());
  }

  function hearEnd(end: LineEnd): void {
    line = null;
    if (isGoodbye(end)) close({ type: 'completed' });
    else {
      const failure = { name: 'The web socket was closed', message: endInWords(end) };
      close({ type: 'failed', failure });
    }
    show(isGoodbye(end) ? null : { state: 'lost', why: endInWords(end) });
  }

  return {
    listens: (turn) => turn === listening,
    begin(turn, log) {
      reader = createReader();
      logIn(log);
      listening = turn;
    },
    take(next) {
      const wasLost = state().line?.state === 'lost';
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
    giveUp(turn) {
      if (listening !== turn) return false;
      listening = null;
      return true;
    },
    settle: () => close({ type: 'completed' }),
    hangUp() {
      close({ type: 'completed' });
      line?.hangUp();
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
