import type { Request, Response } from 'express';
import * as z from 'zod';
import { adminAnswers } from '../../src/shared/schemas/adminApi.ts';
import type { ActivityEmitter } from '../activity.ts';
import type { Computes } from '../compute/computes.ts';
import { eventsOf } from '../projections.ts';
import type { StoredClock } from '../storage/storedClock.ts';
import { invalid } from '../wire/errors.ts';
import type { Handlers } from '../wire/handlers.ts';
import { loosenings } from '../wire/loosenings.ts';
import { operations } from '../wire/operations.ts';
import { jsonRoute, type AdminRoutes } from './adminRoute.ts';

/** Keeps proxies and idle clients from closing a quiet stream. */
const HEARTBEAT_MILLISECONDS = 15_000;

/** A client that reads too slowly is disconnected at this limit. It can reconnect. */
const MAX_UNREAD_BYTES = 4_000_000;

const EVENT_TYPES = ['session', 'timeline', 'log', 'clock'] as const;

const plane = z.enum(['data', 'control', 'models']);

const operation = z.object({
  name: z.string(),
  plane,
  method: z.string(),
  path: z.string(),
  status: z.enum(['emulated', 'partly', 'not']),
  lacks: z.string().nullable().describe('what is missing in a partial emulation'),
});

const loosening = z.object({
  plane,
  structure: z.string(),
  member: z.string(),
  shape: z.string().describe("the member's shape in AWS's model"),
  demand: z.string().describe("the constraint of AWS's model that is not enforced"),
  why: z.string(),
});

/** Dependencies of the emulator's own admin routes. */
export interface EmulatorRoutesDependencies {
  readonly version: string;
  readonly url: string;
  readonly clock: StoredClock;
  readonly activity: ActivityEmitter;
  readonly computes: Pick<Computes, 'availability'>;
  readonly handlers: Handlers;
  /** The clock's time when the emulator was created. */
  readonly startedAt: number;
}

/** The admin routes of the emulator itself: health, clock, events and operations. */
export function createEmulatorRoutes({
  version,
  url,
  clock: storedClock,
  activity,
  computes,
  handlers,
  startedAt,
}: EmulatorRoutesDependencies): AdminRoutes {
  const { clock, read: readClock } = storedClock;

  return {
    health: jsonRoute({
      method: 'get',
      path: '/health',
      summary: 'Health of the emulator and availability of each compute',
      answer: adminAnswers.health,
      handle: async () => ({
        status: 'ready' as const,
        version,
        url,
        pid: process.pid,
        uptimeSeconds: (clock.now() - startedAt) / 1000,
        compute: await computes.availability(),
      }),
    }),
    clock: jsonRoute({
      method: 'get',
      path: '/clock',
      summary: 'Virtual and real time',
      answer: adminAnswers.clock,
      handle: readClock,
    }),
    advanceClock: jsonRoute({
      method: 'post',
      path: '/clock',
      summary: 'Advances virtual time. Responds when everything that became due has run',
      body: z.strictObject({ advanceSeconds: z.number().min(0).max(315_360_000) }),
      answer: adminAnswers.clock,
      async handle({ body }) {
        await clock.advance(body.advanceSeconds * 1000);
        storedClock.saveClock();
        activity.emit({ type: 'clock', clock: readClock() });
        return readClock();
      },
    }),
    resetClock: jsonRoute({
      method: 'post',
      path: '/clock/reset',
      summary: 'Sets the clock back to real time at the next start. Until then it keeps its offset',
      answer: adminAnswers.clock,
      handle() {
        storedClock.requestReset();
        activity.emit({ type: 'clock', clock: readClock() });
        return readClock();
      },
    }),
    events: {
      method: 'get',
      path: '/events',
      summary: 'Events of all types, or of the given types, as server-sent events',
      query: { type: EVENT_TYPES },
      answerType: 'text/event-stream',
      handle: (request, response) => streamEvents(activity, request, response),
    },
    operations: jsonRoute({
      method: 'get',
      path: '/operations',
      summary:
        'All operations of AgentCore and Bedrock Runtime, with their emulation status and the constraints that are not enforced',
      answer: z.object({ operations: z.array(operation), loosenings: z.array(loosening) }),
      handle: () => ({ operations: listOperations(handlers), loosenings: [...loosenings] }),
    }),
  };
}

function listOperations(handlers: Handlers): z.input<typeof operation>[] {
  return [...operations.values()].map(({ name, plane, method, template }) => {
    const handler = handlers[name];
    const lacks = handler?.lacks ?? null;
    const status = !handler ? 'not' : lacks === null ? 'emulated' : 'partly';
    return { name, plane, method, path: template, status, lacks };
  });
}

function streamEvents(
  activity: Pick<ActivityEmitter, 'subscribe'>,
  request: Request,
  response: Response,
): void {
  const types = requestedTypes(request);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const unsubscribe = activity.subscribe((each) => {
    for (const event of eventsOf(each)) {
      if (!types.has(event.type)) continue;
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  });
  const heartbeat = setInterval(() => response.write(': alive\n\n'), HEARTBEAT_MILLISECONDS);
  request.once('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}

/** Returns the event types in the query; all types if there are none. */
function requestedTypes(request: Request): ReadonlySet<string> {
  const requested: unknown[] = [request.query['type'] ?? []].flat();
  const unknown = requested.find((type) => !EVENT_TYPES.some((known) => known === type));
  if (unknown !== undefined) {
    throw invalid(`type: one of ${EVENT_TYPES.join(', ')}; got ${JSON.stringify(unknown)}`);
  }
  return new Set(requested.length > 0 ? (requested as string[]) : EVENT_TYPES);
}
