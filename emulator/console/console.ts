import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AgentSummary, ClockReading } from '../../src/shared/emulator.ts';
import type { Events } from '../events.ts';
import type { Session } from '../runtime/session.ts';
import type { Sessions } from '../runtime/sessions.ts';
import { operations } from '../wire/operations.ts';
import type { Emulations } from '../wire/wire.ts';
import type { AnswerOf } from './routes.ts';

/** What the admin API tells and does. */
export interface ConsoleSources {
  readonly agents: { summaries(): AgentSummary[] };
  readonly sessions: Sessions;
  readonly events: Events;
  readonly emulations: Emulations<Session | null>;
  readonly readClock: () => ClockReading;
  readonly advanceClock: (seconds: number) => Promise<void>;
  readonly health: () => AnswerOf<'health'>;
}

/** The emulator's own door, beside AWS's: everything below `/_emulator/`. */
export interface Console {
  handle(request: IncomingMessage, response: ServerResponse, path: string): void;
}

/** Loads Express and zod with the first request only: an emulator that nobody asks needs neither. */
export function createConsole(sources: ConsoleSources): Console {
  let app: Promise<(request: IncomingMessage, response: ServerResponse) => void> | undefined;
  return {
    handle(request, response, path) {
      app ??= import('./app.ts').then(({ createApp }) => createApp(sources));
      request.url = path.slice('/_emulator'.length);
      void app.then((serve) => serve(request, response));
    },
  };
}

/** Each operation of AgentCore with our status for it. */
export function listOperations(
  emulations: Emulations<Session | null>,
): AnswerOf<'operations'>['operations'] {
  return [...operations.values()].map(({ name, plane, method, template }) => {
    const emulation = emulations[name];
    const lacks = emulation?.lacks ?? null;
    const status = !emulation ? 'not' : lacks === null ? 'emulated' : 'partly';
    return { name, plane, method, path: template, status, lacks };
  });
}
