import { createParser } from 'eventsource-parser';
import type {
  AgentSummary,
  ClockReading,
  EmulatorEvent,
  EmulatorHealth,
  SessionRun,
} from '../../shared/emulator.ts';
import type { LogLine, SessionSummary, TimelineEntry } from '../../shared/session.ts';

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
  ): Promise<Response> {
    const response = await fetch(`${url}/_emulator/${path}`, { method, ...(signal && { signal }) });
    if (response.ok) return response;
    const { message } = (await response.json().catch(() => ({}))) as { readonly message?: string };
    throw new RequestRefused(
      message ?? `${method} /_emulator/${path} returned ${response.status}.`,
    );
  }

  async function getJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
    return (await (await request('GET', path, signal)).json()) as Body;
  }

  return {
    url,
    health: (signal) => getJson('health', signal),
    async agents() {
      return (await getJson<{ agents: readonly AgentSummary[] }>('agents')).agents;
    },
    async sessions(signal) {
      return (await getJson<{ sessions: readonly SessionSummary[] }>('sessions', signal)).sessions;
    },
    async logs(run, signal) {
      return (await getJson<{ logs: readonly LogLine[] }>(`${formatPath(run)}/logs`, signal)).logs;
    },
    async timeline(run, signal) {
      const path = `${formatPath(run)}/timeline`;
      return (await getJson<{ timeline: readonly TimelineEntry[] }>(path, signal)).timeline;
    },
    clock: (signal) => getJson('clock', signal),
    async resetClock() {
      return (await (await request('POST', 'clock/reset')).json()) as ClockReading;
    },
    async events(types, signal) {
      const query = types.map((type) => `type=${type}`).join('&');
      const { body } = await request('GET', `events?${query}`, signal);
      return parseEvents(body as unknown as AsyncIterable<Uint8Array>);
    },
  };
}

function formatPath({ runtimeId, sessionId, run }: SessionRun): string {
  return `sessions/${runtimeId}/${encodeURIComponent(sessionId)}/${run}`;
}

async function* parseEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<EmulatorEvent> {
  const events: EmulatorEvent[] = [];
  const parser = createParser({
    onEvent: ({ data }) => void events.push(JSON.parse(data) as EmulatorEvent),
  });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* events.splice(0);
  }
}
