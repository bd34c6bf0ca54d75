import { randomUUID } from 'node:crypto';
import express, { type NextFunction, type Request, type Response } from 'express';
import type * as z from 'zod';
import type { AgentSummary, ClockReading } from '../../src/shared/emulator.ts';
import type { Events } from '../events.ts';
import type { Logger } from '../log.ts';
import type { Sessions } from '../services/runtime/sessions.ts';
import type { Memory } from '../services/memory/memory.ts';
import { operations } from '../wire/operations.ts';
import { readInput } from '../wire/request.ts';
import type { Emulations } from '../wire/wire.ts';
import { failed, WireError, invalid, notFound } from '../wire/errors.ts';
import { writeError } from '../wire/response.ts';
import type { Instance } from '../services/runtime/instance.ts';
import type { Session } from '../services/runtime/session.ts';
import { describeApi } from './openapi.ts';
import { loosenings } from '../wire/constraints.ts';
import type { MemoryLines } from '../services/memory/memory.ts';
import { receiveMemories, sendMemories } from './memories.ts';
import { listOperations } from './operations.ts';
import { routes, type AnswerOf, type Route, type RouteName } from './routes.ts';

/** What the admin API tells and does. */
export interface ConsoleSources {
  readonly listAgents: () => AgentSummary[];
  readonly sessions: Sessions;
  readonly events: Events;
  readonly logger: Logger;
  readonly emulations: Emulations<Instance | null>;
  readonly memory: Pick<Memory<never>, 'explain' | 'retrievals'> & MemoryLines;
  readonly readClock: () => ClockReading;
  readonly advanceClock: (seconds: number) => Promise<void>;
  readonly resetClock: () => void;
  readonly health: () => Promise<AnswerOf<'health'>>;
}

/** Keeps proxies and sleepy clients from closing a quiet stream. */
const HEARTBEAT_MILLISECONDS = 15_000;

const MOST_UNREAD = 4_000_000;

/** The calls whose answer is a stream. */
type StreamName = 'events' | 'exportMemories';

type Answers = {
  [Name in Exclude<RouteName, StreamName>]: (
    request: Request,
    body: unknown,
  ) => AnswerOf<Name> | Promise<AnswerOf<Name>>;
};

/** The admin API: one handler for each route of the table. */
export function createApp(sources: ConsoleSources): express.Express {
  const { listAgents, sessions, events, emulations, memory, logger, readClock } = sources;
  const { advanceClock, resetClock, health } = sources;

  function sessionOf({ params }: Request): Session {
    const { runtimeId, sessionId, run } = params as Record<string, string>;
    const session = sessions.find(runtimeId!, sessionId!, run === undefined ? run : Number(run));
    if (session) return session;
    throw notFound(`No session '${sessionId}' of ${runtimeId}${run ? `, run ${run}` : ''}.`);
  }
  const logs = async (request: Request) => ({ logs: await sessionOf(request).logs() });
  const timeline = (request: Request) => ({ timeline: [...sessionOf(request).timeline()] });

  const answers: Answers = {
    health,
    agents: () => ({ agents: listAgents() }),
    sessions: () => ({ sessions: sessions.all().map((session) => session.summary()) }),
    logs,
    logsOfRun: logs,
    timeline,
    timelineOfRun: timeline,
    clock: readClock,
    async retrievals({ params }) {
      return { retrievals: await memory.retrievals(params['memoryId'] as string) };
    },
    // The same request as the operation's, read as on AWS's wire.
    explain: ({ params }, body) =>
      memory.explain(
        readInput(operations.get('RetrieveMemoryRecords')!, {
          labels: { memoryId: params['memoryId'] as string },
          query: new URLSearchParams(),
          headers: {},
          body: Buffer.from(JSON.stringify(body)),
        }) as never,
      ),
    async advanceClock(_request, body) {
      await advanceClock((body as z.infer<typeof routes.advanceClock.body>).advanceSeconds);
      return readClock();
    },
    resetClock() {
      resetClock();
      return readClock();
    },
    importMemories: (request) => receiveMemories(memory, request),
    operations: () => ({ operations: listOperations(emulations), loosenings: [...loosenings] }),
    async openapi() {
      const { version, url } = await health();
      return { ...describeApi(version, url), openapi: '3.1.0' };
    },
  };

  function streamEvents(request: Request, response: Response): void {
    const types = wanted(request, 'type', routes.events.query.type);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    const unsubscribe = events.subscribe((event) => {
      if (!types.has(event.type)) return;
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      // A listener that does not read must not fill our memory; it may connect again.
      if (response.writableLength > MOST_UNREAD) response.destroy();
    });
    const heartbeat = setInterval(() => response.write(': alive\n\n'), HEARTBEAT_MILLISECONDS);
    request.once('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
    });
  }

  const streams: Record<
    StreamName,
    (request: Request, response: Response) => void | Promise<void>
  > = {
    events: streamEvents,
    exportMemories: (_request, response) => sendMemories(memory, response, logger),
  };

  const app = express();
  app.disable('x-powered-by');
  const readJson = express.json();
  for (const [name, route] of Object.entries<Route>(routes)) {
    if (route.body) app.use(route.path, readJson);
    app[route.method](route.path, async (request, response) => {
      if (route.streams) return streams[name as StreamName](request, response);
      const answer = answers[name as keyof Answers];
      response.json(await answer(request, route.body && parse(route.body, request.body)));
    });
  }
  app.use((request) => {
    throw notFound(
      `${request.method} /_emulator${request.path} is no call of the admin API; GET /_emulator/openapi.json lists them.`,
    );
  });
  app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
    writeError(asRefusal(error), response, randomUUID());
  });
  return app;

  // A body that cannot be read is the caller's; whatever else was not meant is ours.
  function asRefusal(error: Error): WireError {
    if (error instanceof WireError) return error;
    if ('type' in error && 'status' in error && Number(error.status) < 500) {
      return invalid(`body: ${error.message}`);
    }
    logger.error(`the admin API: ${error.stack}`);
    return failed(error);
  }
}

/** The values that a query names; all of them where it names none. */
function wanted(request: Request, name: string, values: readonly string[]): ReadonlySet<string> {
  const asked: unknown[] = [request.query[name] ?? []].flat();
  const stray = asked.find((value) => !values.some((known) => known === value));
  if (stray === undefined) return new Set(asked.length > 0 ? (asked as string[]) : values);
  throw invalid(`${name}: one of ${values.join(', ')}; got ${JSON.stringify(stray)}`);
}

function parse(schema: z.ZodType, body: unknown): unknown {
  if (body === undefined) {
    throw invalid('body: there is none, or it came without content-type: application/json');
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') || 'body';
  throw invalid(`${field}: ${issue?.message}; got ${JSON.stringify(body) ?? 'nothing'}`);
}
