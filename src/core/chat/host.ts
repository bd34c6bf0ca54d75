import { isDeepStrictEqual } from 'node:util';
import type {
  ChatChange,
  ChatState,
  HostMessage,
  Outcome,
  ViewMessage,
} from '../../shared/chat.ts';
import { applyChange, runningTurn } from '../../shared/chatState.ts';
import type { Answer } from '../invocation/answer.ts';
import { readAnswer } from '../invocation/answerReader.ts';
import { failureOf } from '../invocation/failure.ts';
import { createSessionWatch, type Sessions } from './session/sessionWatch.ts';
import type { Question } from '../targets/protocols/protocol.ts';
import type { ChatSource } from './source.ts';
import { parseViewMessage } from './viewMessage.ts';

/** A prompt on its way to an agent. */
export interface Prompt extends Question {
  /** The id of a `ChatAgent`. */
  readonly agent: string;
}

/** What a chat host is made with. */
export interface ChatHostOptions {
  readonly source: ChatSource;
  /** Sends a prompt; rejects with the error by its name. The signal ends the request itself. */
  readonly invoke: (prompt: Prompt, signal: AbortSignal) => Promise<Answer>;
  /** The time, in milliseconds. */
  readonly now: () => number;
  readonly sessions: Sessions;
  /** Ids of sessions and turns; AWS wants at least 33 characters of a session's. */
  readonly newId: () => string;
}

/** One conversation, with as many views on it as there are. */
export interface ChatHost {
  readonly state: () => ChatState;
  /** Does what a view, or a command in its place, asks for. */
  receive(message: ViewMessage): void;
  /** A view opens: `post` reaches it, once it has said that it is ready. */
  connect(post: (message: HostMessage) => void): ChatView;
  /** Ends the running turn, and nothing is posted any more. */
  dispose(): void;
}

/** The host's end of one view. */
export interface ChatView {
  /** Takes a message as it came from the view; throws when it is none of the protocol. */
  receive(message: unknown): void;
  dispose(): void;
}

/** Starts a conversation. It lives in the host, so a view may close and open as it likes. */
export function createChatHost({
  source,
  invoke,
  sessions,
  now,
  newId,
}: ChatHostOptions): ChatHost {
  const readyViews = new Set<(message: HostMessage) => void>();
  const first = source.now();
  let state: ChatState = {
    ...first,
    agent: first.agents[0]?.id ?? null,
    sessionId: newId(),
    session: { state: 'unknown' },
    opening: null,
    turns: [],
    problem: null,
  };
  let cancellation: AbortController | null = null;
  const watch = createSessionWatch({
    sessions,
    onChange: tellMachine,
    onOpened: (opening) => change({ type: 'opened', turn: state.turns.at(-1)!.id, opening }),
  });
  const unfollow = source.onChange(followSource);
  followSession(null);

  function change(step: ChatChange): void {
    state = applyChange(state, step);
    for (const post of readyViews) post(step);
  }

  function followSource(): void {
    const { connection, agents } = source.now();
    const isBack = connection.state === 'ready' && state.connection.state !== 'ready';
    const isGone = connection.state !== 'ready' && state.connection.state === 'ready';
    change({ type: 'source', connection, agents });
    if (isBack || isGone) followSession(watch.life());
    // Without any agents it only starts: the one that was chosen will be among them again.
    if (agents.length === 0 || agents.some(({ id }) => id === state.agent)) return;
    beginSession(agents[0]!.id);
  }

  function beginSession(agent: string | null): void {
    cancel();
    change({ type: 'session', agent, sessionId: newId() });
    followSession(null);
  }

  /** Follows the machine of the conversation's session, of which `life` answered last. */
  function followSession(life: string | null): void {
    const { agent, sessionId, connection } = state;
    const isThere = agent !== null && connection.state === 'ready';
    watch.follow(isThere ? { agent, sessionId } : null, life);
    tellMachine();
  }

  function note(problem: string | null): void {
    if (problem !== state.problem) change({ type: 'problem', problem });
  }

  function tellMachine(): void {
    const step = { session: watch.status(), opening: watch.opening() };
    const { session, opening } = state;
    if (isDeepStrictEqual(step, { session, opening })) return;
    change({ type: 'machine', ...step });
  }

  async function stopSession(): Promise<void> {
    const { agent, sessionId } = state;
    if (agent === null) return;
    try {
      await sessions.stop({ agent, sessionId });
    } catch (error) {
      note(`The session could not be stopped: ${failureOf(error).message}`);
    }
  }

  function cancel(): void {
    const turn = runningTurn(state);
    if (!turn) return;
    close(turn.id, { type: 'cancelled' });
    cancellation?.abort();
  }

  function close(turn: string, outcome: Outcome): void {
    change({ type: 'closed', turn, outcome, at: now() });
    watch.turnEnds();
  }

  async function ask(text: string): Promise<void> {
    const { agent, sessionId, turns: history } = state;
    // A view offers neither; two views at once may still cross.
    if (agent === null || runningTurn(state)) return;
    const turn = newId();
    const { signal } = (cancellation = new AbortController());
    change({ type: 'asked', turn, prompt: text, at: now() });
    watch.turnBegins();

    let outcome: Outcome = { type: 'completed' };
    try {
      const answer = await invoke({ agent, sessionId, text, turn, history }, signal);
      for await (const event of readAnswer(answer)) {
        // Cancelled: the turn is closed already, and what still comes is not for it.
        if (signal.aborted) return;
        if (event.type === 'failure') outcome = { type: 'failed', failure: event.failure };
        else change({ type: 'answered', turn, event, at: now() });
      }
    } catch (error) {
      outcome = { type: 'failed', failure: failureOf(error) };
    }
    if (!signal.aborted) close(turn, outcome);
  }

  function receive(message: ViewMessage): void {
    note(null);
    switch (message.type) {
      case 'ready':
      case 'dismissProblem':
        return;
      case 'send':
        return void ask(message.prompt);
      case 'stop':
        if (runningTurn(state)?.id === message.turn) cancel();
        return;
      case 'newSession':
        return beginSession(state.agent);
      case 'stopSession':
        return void stopSession();
      case 'chooseAgent':
        if (state.agents.some(({ id }) => id === message.agent)) beginSession(message.agent);
        return;
      case 'reconnect':
        return source.reconnect?.();
    }
  }

  return {
    state: () => state,
    receive,
    connect(post) {
      return {
        receive(input) {
          const message = parseViewMessage(input);
          if (message.type !== 'ready') return receive(message);
          readyViews.add(post);
          post({ type: 'state', state });
        },
        dispose: () => void readyViews.delete(post),
      };
    },
    dispose() {
      unfollow();
      readyViews.clear();
      cancel();
      watch.dispose();
    },
  };
}
