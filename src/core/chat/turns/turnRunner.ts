import type { FileContent } from '../../../shared/attachment.ts';
import type { ChatChange } from '../../../shared/chat/change.ts';
import type { ChatState } from '../../../shared/chat/state.ts';
import type { Outcome, Turn } from '../../../shared/chat/turn.ts';
import type { RawAnswer } from '../../../shared/chat/rawAnswer.ts';
import { DEFAULT_TEMPLATE } from '../../../shared/payloadTemplate.ts';
import { runningTurn } from '../../../shared/chat/state.ts';
import type { Answer } from '../../invocation/answer.ts';
import { readAnswer } from '../../invocation/answerReader.ts';
import type { AttachmentContents } from '../attachments/attachments.ts';
import { wordsWithSelections } from '../attachments/words.ts';
import type { SocketAnswer, UserMessage } from '../../agents/protocolClient.ts';
import { failureOf } from '../../invocation/failure.ts';
import { createSocketTurnReader } from './socketTurnReader.ts';
import { waitingTaskOf } from './waitingTask.ts';
import { createRawLog, type RawLog } from './rawLog.ts';

/** A prompt on its way to an agent. */
export interface Prompt extends UserMessage {
  /** The id of a `ChatAgent`. */
  readonly agent: string;
}

/** Sends a prompt; rejects with the error by its name. The signal ends the request itself. */
export type Invoke = (prompt: Prompt, signal: AbortSignal) => Promise<Answer | SocketAnswer>;

/** What turns are run with. */
export interface TurnRunnerOptions {
  readonly invoke: Invoke;
  readonly contents: AttachmentContents;
  readonly now: () => number;
  readonly newId: () => string;
  readonly state: () => ChatState;
  readonly change: (step: ChatChange) => void;
}

/** What somebody says to an agent. */
export type PromptInput = Pick<Turn, 'prompt' | 'isPayload' | 'attachments'>;

/** Runs one turn at a time in the open conversation; those of others run on. */
export interface TurnRunner {
  /** Whether there is an agent that is there and has nothing to answer, or takes more all the same. */
  canAsk(): boolean;
  /** Sends a prompt, or a payload as it is, and takes its answer in. */
  ask(said: PromptInput): Promise<void>;
  /** Sends the agent's own cancel payload to what runs; rejects with why it was not taken. */
  cancelWork(): Promise<void>;
  /** Whether this turn listens to a web socket, which is the open conversation's. */
  isReadingSocket(turn: string): boolean;
  /** Ends this turn, which runs. */
  cancel(turn: string): void;
  /** Ends the turn that listens to a web socket, which has no end of its own: that was the answer. */
  completeTurn(): void;
  /** Closes the web socket to the agent, if there is one. */
  closeSocket(): void;
  /** A turn's answer as it came; null where it is not kept any more. */
  raw(turn: string): RawAnswer | null;
}

/** Of how many turns the answers are kept as they came. */
const RAW_TURNS = 10;

/** What was sent to end a turn's work has so long once the turn has ended, and is given up then. */
const LAST_WORD_MILLISECONDS = 10_000;

/** Runs the turns that are asked in whatever conversation is open. */
export function createTurnRunner(options: TurnRunnerOptions): TurnRunner {
  const { invoke, contents, now, newId, state } = options;
  const cancellations = new Map<string, AbortController>();
  /** By which what was sent to end a turn's work is given up. */
  const lastWords = new Map<string, AbortController>();
  const raws = new Map<string, RawLog>();

  function keepRaw(turn: string): RawLog {
    const log = createRawLog();
    raws.set(turn, log);
    for (const oldest of [...raws.keys()].slice(0, -RAW_TURNS)) raws.delete(oldest);
    return log;
  }

  function change(step: ChatChange): void {
    options.change(step);
    const lastWord = step.type === 'closed' && lastWords.get(step.turn);
    if (!lastWord) return;
    lastWords.delete(step.turn);
    setTimeout(() => lastWord.abort(), LAST_WORD_MILLISECONDS).unref();
  }

  const hearing = createSocketTurnReader({ state, change, now, newId, createLog: keepRaw });

  /** By a web socket both may speak at any time, once it is open. */
  function canInterject(turn: Turn): boolean {
    return hearing.isReading(turn.id) && state().socket?.state === 'open';
  }

  // A view offers nothing else; two views at once may still cross.
  function canAsk(): boolean {
    const { agent, agents } = state();
    const running = runningTurn(state());
    if (agent === null || (running && !canInterject(running))) return false;
    return agents.length === 0 || agents.some(({ id }) => id === agent);
  }

  return {
    canAsk,
    async ask(said) {
      if (!canAsk()) return;
      hearing.completeTurn();
      const { agent, actorId, sessionId, templates, opening, turns: history } = state();
      if (agent === null) return;
      const { prompt, isPayload, attachments = [] } = said;
      const turn = newId();
      const cancellation = new AbortController();
      const { signal } = cancellation;
      cancellations.set(turn, cancellation);
      change({
        type: 'asked',
        turn,
        prompt,
        ...(isPayload && { isPayload }),
        ...(attachments.length > 0 && { attachments }),
        at: now(),
      });
      const { message: template, transport = 'http' } = templates[agent] ?? DEFAULT_TEMPLATE;
      const raw = keepRaw(turn);
      if (transport === 'webSocket') hearing.startTurn(turn, raw);

      let outcome: Outcome = { type: 'completed' };
      const leftOut = new Set<string>();
      function filesOf({ attachments: sent = [] }: Turn): readonly FileContent[] {
        for (const name of contents.gone(sent)) leftOut.add(name);
        return contents.of(sent);
      }
      try {
        const answer = await invoke(
          {
            agent,
            actorId,
            sessionId,
            text: wordsWithSelections(said),
            files: contents.allOf(attachments),
            filesOf,
            template: isPayload ? null : template,
            transport,
            turn,
            onSent: raw.recordRequest,
            history,
            waitingTask: waitingTaskOf(history, opening),
          },
          signal,
        );
        if ('connection' in answer) {
          if (signal.aborted) answer.connection.close();
          else hearing.attach(answer.connection);
          return;
        }
        if (leftOut.size > 0 && !signal.aborted) {
          const text = `The agent was sent what was said before without ${[...leftOut].join(', ')}: contents are not kept so long, or over a restart. Attach again what it still needs.`;
          change({ type: 'answered', turn, event: { type: 'notice', text }, at: now() });
        }
        raw.recordContentType(answer.contentType);
        for await (const event of readAnswer(answer, (frame) => raw.recordFrame(frame, now()))) {
          // Cancelled: the turn is closed already, and what still comes is not for it.
          if (signal.aborted) return;
          if (event.type === 'failure') outcome = { type: 'failed', failure: event.failure };
          else change({ type: 'answered', turn, event, at: now() });
        }
      } catch (error) {
        hearing.abandon(turn);
        outcome = { type: 'failed', failure: failureOf(error) };
      } finally {
        cancellations.delete(turn);
      }
      if (!signal.aborted) change({ type: 'closed', turn, outcome, at: now() });
    },
    async cancelWork() {
      const { agent, actorId, sessionId, templates } = state();
      const { cancel: template = null, transport = 'http' } = templates[agent ?? ''] ?? {};
      const running = runningTurn(state());
      if (agent === null || template === null || !running) return;
      const lastWord = lastWords.get(running.id) ?? new AbortController();
      lastWords.set(running.id, lastWord);
      const { signal } = lastWord;
      try {
        // It is no turn: what it does shows in the one that runs.
        const answer = await invoke(
          {
            agent,
            actorId,
            sessionId,
            text: '',
            files: [],
            filesOf: () => [],
            template,
            transport,
            turn: newId(),
            history: [],
            waitingTask: null,
          },
          signal,
        );
        // By a web socket, what it does is heard there.
        if ('connection' in answer) return;
        for await (const event of readAnswer(answer)) {
          if (event.type === 'failure') throw new Error(event.failure.message);
        }
      } catch (error) {
        // The turn has ended long since, which is all that was wanted.
        if (!signal.aborted) throw error;
      }
    },
    isReadingSocket: hearing.isReading,
    cancel(turn) {
      const listened = hearing.abandon(turn);
      change({ type: 'closed', turn, outcome: { type: 'cancelled' }, at: now() });
      cancellations.get(turn)?.abort();
      // What it would still say is not wanted.
      if (listened) hearing.close();
    },
    completeTurn: hearing.completeTurn,
    closeSocket: hearing.close,
    raw: (turn) => raws.get(turn)?.read() ?? null,
  };
}
