import { createParser } from 'eventsource-parser';
import type * as z from 'zod';
import type {
  AgentSummary,
  ClockReading,
  EmulatorEvent,
  EmulatorHealth,
  SessionRun,
} from '../../shared/emulator.ts';
import type { LogLine, SessionSummary, TimelineEntry } from '../../shared/session.ts';
import type { ModelChoices } from '../../shared/schemas/adminApi.ts';
import type { SessionKey } from './sessionKey.ts';
import { loadSchemas, parseAnswer, type AdminAnswers } from './adminAnswers.ts';

/** Client of an emulator's admin API. Every call rejects with the emulator's message. */
export interface AdminClient {
  readonly url: string;
  health(signal?: AbortSignal): Promise<EmulatorHealth>;
  agents(): Promise<readonly AgentSummary[]>;
  /** All running sessions and the last ended ones, oldest first. */
  sessions(signal?: AbortSignal): Promise<readonly SessionSummary[]>;
  logs(run: SessionRun, signal?: AbortSignal): Promise<readonly LogLine[]>;
  timeline(run: SessionRun, signal?: AbortSignal): Promise<readonly TimelineEntry[]>;
  clock(signal?: AbortSignal): Promise<ClockReading>;
  /** Requests that the next start of the emulator sets the clock back to real time. */
  resetClock(): Promise<ClockReading>;
  /** The chosen model backends. */
  models(): Promise<ModelChoices>;
  /** Chooses the backend of a session, or of all agents without one; null removes a session's choice. */
  chooseModel(model: string | null, session?: SessionKey): Promise<ModelChoices>;
  /** Models of the running Ollama; empty if none runs. */
  ollamaModels(): Promise<readonly string[]>;
  /** Resolves when the stream is open; it ends when the emulator does. */
  events(
    types: readonly EmulatorEvent['type'][],
    signal: AbortSignal,
  ): Promise<AsyncIterable<EmulatorEvent>>;
}

/** The emulator answered with an error, in its own words. */
export class RequestRefused extends Error {}

/** Creates the client of the emulator at a URL. */
export function createAdminClient(url: string): AdminClient {
  async function request(
    method: 'GET' | 'POST',
    path: string,
    signal?: AbortSignal,
    body?: unknown,
  ): Promise<Response> {
    const response = await fetch(`${url}/_emulator/${path}`, {
      method,
      ...(signal && { signal }),
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    if (response.ok) return response;
    const { adminError } = await loadSchemas();
    const { data } = adminError.safeParse(await response.json().catch(() => undefined));
    throw new RequestRefused(
      data?.message ?? `${method} /_emulator/${path} returned ${response.status}.`,
    );
  }

  async function call<Answer extends z.ZodType>(
    select: (answers: AdminAnswers) => Answer,
    path: string,
    signal?: AbortSignal,
    method: 'GET' | 'POST' = 'GET',
    body?: unknown,
  ): Promise<z.output<Answer>> {
    const response = await request(method, path, signal, body);
    const { adminAnswers } = await loadSchemas();
    return parseAnswer(select(adminAnswers), await response.json());
  }

  return {
    url,
    health: (signal) => call(({ health }) => health, 'health', signal),
    agents: async () => (await call(({ agents }) => agents, 'agents')).agents,
    async sessions(signal) {
      return (await call(({ sessions }) => sessions, 'sessions', signal)).sessions;
    },
    async logs(run, signal) {
      return (await call(({ logs }) => logs, `${formatPath(run)}/logs`, signal)).logs;
    },
    async timeline(run, signal) {
      const path = `${formatPath(run)}/timeline`;
      return (await call(({ timeline }) => timeline, path, signal)).timeline;
    },
    clock: (signal) => call(({ clock }) => clock, 'clock', signal),
    resetClock: () => call(({ clock }) => clock, 'clock/reset', undefined, 'POST'),
    models: () => call(({ models }) => models, 'models'),
    chooseModel: (model, session) =>
      call(({ models }) => models, 'models', undefined, 'POST', {
        model,
        ...(session && { session }),
      }),
    async ollamaModels() {
      return (await call(({ ollamaModels }) => ollamaModels, 'models/ollama')).models;
    },
    async events(types, signal) {
      const query = types.map((type) => `type=${type}`).join('&');
      const { body } = await request('GET', `events?${query}`, signal);
      return parseEvents(body ?? []);
    },
  };
}

function formatPath({ runtimeId, sessionId, run }: SessionRun): string {
  return `sessions/${runtimeId}/${encodeURIComponent(sessionId)}/${run}`;
}

async function* parseEvents(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<EmulatorEvent> {
  const { emulatorEvent } = await loadSchemas();
  const events: EmulatorEvent[] = [];
  const parser = createParser({
    onEvent: ({ data }) => void events.push(parseAnswer(emulatorEvent, JSON.parse(data))),
  });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* events.splice(0);
  }
}
