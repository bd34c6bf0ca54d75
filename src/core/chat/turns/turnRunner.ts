import type { ChatChange } from '../../../shared/chat/change.ts';
import type { RawAnswer } from '../../../shared/chat/rawAnswer.ts';
import { runningTurn, type ChatState } from '../../../shared/chat/state.ts';
import { answerText, type Outcome, type Turn } from '../../../shared/chat/turn.ts';
import { DEFAULT_TEMPLATE } from '../../../shared/payloadTemplate.ts';
import type { EarlierTurn } from '../../agents/protocolClient.ts';
import type { AgentSession } from '../../agents/session.ts';
import { readAnswer } from '../../invocation/answerReader.ts';
import { describeFailure } from '../../invocation/failure.ts';
import type { SendMessage } from '../agents/chatAgents.ts';
import type { AttachmentContents } from '../attachments/attachments.ts';
import { promptWithSelections } from '../attachments/promptText.ts';
import { createRawLog, type RawLog } from './rawLog.ts';
import { createSocketTurnReader } from './socketTurnReader.ts';
import { findWaitingTask } from './waitingTask.ts';

/** Dependencies of a turn runner. */
export interface TurnRunnerOptions {
  /** The session of the open conversation; null without an agent. */
  readonly session: () => AgentSession | null;
  readonly send: SendMessage;
  readonly contents: AttachmentContents;
  readonly now: () => number;
  readonly newId: () => string;
  readonly state: () => ChatState;
  readonly change: (step: ChatChange) => void;
}

/** A prompt, or a payload, with its attachments. */
export type PromptInput = Pick<Turn, 'prompt' | 'isPayload' | 'attachments'>;

/** Runs one turn at a time in the open conversation. Turns of other conversations continue. */
export interface TurnRunner {
  /** True if the agent is available and is not answering, or accepts another message during an answer. */
  canAsk(): boolean;
  /** Sends a prompt and reads its answer. */
  ask(input: PromptInput): Promise<void>;
  /** Sends the agent's cancel payload to the running turn's session; rejects if it fails. */
  cancelWork(): Promise<void>;
  /** True if the turn reads a WebSocket, which is the open conversation's. */
  isReadingSocket(turn: string): boolean;
  /** Cancels a running turn. */
  cancel(turn: string): void;
  /** Completes the turn that reads a WebSocket, whose answer has no end of its own. */
  completeTurn(): void;
  /** Closes the WebSocket, if there is one. */
  closeSocket(): void;
  /** The raw answer of a turn; null if it is not kept any more. */
  raw(turn: string): RawAnswer | null;
}

/** Number of turns whose raw answers are kept. */
const RAW_TURNS = 10;

/** Time that a cancel request has after its turn ended. */
const CANCEL_GRACE_MILLISECONDS = 10_000;

/** Creates the turn runner of a chat. */
export function createTurnRunner(options: TurnRunnerOptions): TurnRunner {
  const { send, session, contents, now, newId, state } = options;
  const cancellations = new Map<string, AbortController>();
  /** Cancel requests, by the turn whose work they end. */
  const cancelRequests = new Map<string, AbortController>();
  const rawLogs = new Map<string, RawLog>();

  function createLog(turn: string): RawLog {
    const log = createRawLog();
    rawLogs.set(turn, log);
    for (const oldest of [...rawLogs.keys()].slice(0, -RAW_TURNS)) rawLogs.delete(oldest);
    return log;
  }

  function change(step: ChatChange): void {
    options.change(step);
    const request = step.type === 'closed' && cancelRequests.get(step.turn);
    if (!request) return;
    cancelRequests.delete(step.turn);
    setTimeout(() => request.abort(), CANCEL_GRACE_MILLISECONDS).unref();
  }

  const socketReader = createSocketTurnReader({ state, change, now, newId, createLog });

  /** Both sides of an open WebSocket may send at any time. */
  function canInterject(turn: Turn): boolean {
    return socketReader.isReading(turn.id) && state().socket?.state === 'open';
  }

  // A view offers only what can be sent; a second view may be faster.
  function canAsk(): boolean {
    const { agent, agents } = state();
    const running = runningTurn(state());
    if (agent === null || (running && !canInterject(running))) return false;
    return agents.length === 0 || agents.some(({ id }) => id === agent);
  }

  return {
    canAsk,
    async ask(input) {
      if (!canAsk()) return;
      socketReader.completeTurn();
      const { agent, templates, opening, turns: history } = state();
      const current = session();
      if (agent === null || current === null) return;
      const { prompt, isPayload, attachments = [] } = input;
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
      const raw = createLog(turn);
      if (transport === 'webSocket') socketReader.startTurn(turn, raw);

      let outcome: Outcome = { type: 'completed' };
      const missing = new Set<string>();
      function earlierTurn({
        id,
        prompt: text,
        isUnprompted,
        attachments: sent = [],
        ...rest
      }: Turn) {
        for (const name of contents.listMissing(sent)) missing.add(name);
        return {
          id,
          prompt: isUnprompted ? null : promptWithSelections({ prompt: text, attachments: sent }),
          files: contents.findAvailable(sent),
          answer: answerText(rest),
        } satisfies EarlierTurn;
      }
      try {
        const answer = await send(
          {
            ...current,
            text: promptWithSelections(input),
            files: contents.requireAll(attachments),
            template: isPayload ? null : template,
            transport,
            turn,
            onSent: raw.recordRequest,
            history: () => history.map(earlierTurn),
            waitingTask: findWaitingTask(history, opening),
          },
          signal,
        );
        if ('connection' in answer) {
          if (signal.aborted) answer.connection.close();
          else socketReader.attach(answer.connection);
          return;
        }
        if (missing.size > 0 && !signal.aborted) {
          const text = `Earlier attachments are no longer available and were not sent: ${[...missing].join(', ')}. Attach them again if the agent still needs them.`;
          change({ type: 'answered', turn, event: { type: 'notice', text }, at: now() });
        }
        raw.recordContentType(answer.contentType);
        for await (const event of readAnswer(answer, (frame) => raw.recordFrame(frame, now()))) {
          // A canceled turn is closed already.
          if (signal.aborted) return;
          if (event.type === 'failure') outcome = { type: 'failed', failure: event.failure };
          else change({ type: 'answered', turn, event, at: now() });
        }
      } catch (error) {
        socketReader.abandon(turn);
        outcome = { type: 'failed', failure: describeFailure(error) };
      } finally {
        cancellations.delete(turn);
      }
      if (!signal.aborted) change({ type: 'closed', turn, outcome, at: now() });
    },
    async cancelWork() {
      const { agent, templates } = state();
      const { cancel: template = null, transport = 'http' } = templates[agent ?? ''] ?? {};
      const running = runningTurn(state());
      const current = session();
      if (current === null || template === null || !running) return;
      const request = cancelRequests.get(running.id) ?? new AbortController();
      cancelRequests.set(running.id, request);
      const { signal } = request;
      try {
        // The cancel payload starts no turn. Its effect shows in the running one.
        const answer = await send(
          {
            ...current,
            text: '',
            files: [],
            template,
            transport,
            turn: newId(),
            history: () => [],
            waitingTask: null,
          },
          signal,
        );
        // The reader of the WebSocket receives the answer.
        if ('connection' in answer) return;
        for await (const event of readAnswer(answer)) {
          if (event.type === 'failure') throw new Error(event.failure.message);
        }
      } catch (error) {
        // An aborted request is not a failure, because its turn has ended.
        if (!signal.aborted) throw error;
      }
    },
    isReadingSocket: socketReader.isReading,
    cancel(turn) {
      const wasReading = socketReader.abandon(turn);
      change({ type: 'closed', turn, outcome: { type: 'canceled' }, at: now() });
      cancellations.get(turn)?.abort();
      if (wasReading) socketReader.close();
    },
    completeTurn: socketReader.completeTurn,
    closeSocket: socketReader.close,
    raw: (turn) => rawLogs.get(turn)?.read() ?? null,
  };
}
