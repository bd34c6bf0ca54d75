import { randomUUID } from 'node:crypto';
import type {
  CreateEventInput,
  CreateEventOutput,
  DeleteEventInput,
  DeleteEventOutput,
  Event,
  EventMetadataFilterExpression,
  GetEventInput,
  GetEventOutput,
  ListActorsInput,
  ListActorsOutput,
  ListEventsInput,
  ListEventsOutput,
  ListSessionsInput,
  ListSessionsOutput,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../clock.ts';
import { invalid, notFound, type WireError } from '../../wire/errors.ts';
import { readJson } from '../../wire/json.ts';
import { readPage } from '../../wire/paging.ts';
import { resolveBranch, eventRanges } from './branches.ts';
import type { BranchStore } from './branchStore.ts';
import type { EventSession } from './eventSession.ts';
import type { EventRow, EventStore, MetadataCondition } from './eventStore.ts';
import type { MemoryStore } from './memoryStore.ts';
import type { ExtractionScheduler } from './extraction/extractionScheduler.ts';
import { validateNamespaceVariables, type NamespaceVariables } from './extraction/namespace.ts';
import { expiryCutoff, type StoredMemory } from './storedMemory.ts';
import { memoryPage } from './memoryPage.ts';

/** AWS limit for the payload of one event. */
const MAX_EVENT_BYTES = 10_000_000;

/** The input members that identify a session. */
interface SessionInput {
  readonly memoryId: string | undefined;
  readonly actorId: string | undefined;
  readonly sessionId: string | undefined;
}

/** Creates the operations of short-term memory: events, actors and sessions. */
export function createEventOperations({
  memories,
  events,
  branches,
  extraction,
  clock,
}: {
  memories: Pick<MemoryStore, 'find'>;
  events: EventStore;
  branches: Pick<BranchStore, 'findRoot'>;
  extraction: Pick<ExtractionScheduler, 'scheduleSession'>;
  clock: Clock;
}) {
  /** Returns the session of a request and the acceptance time up to which its events have expired. */
  function locate(input: SessionInput): { location: EventSession; expiryTime: number } {
    const memory = memories.find(input.memoryId);
    const { actorId: actor = '', sessionId: session = '' } = input;
    return {
      location: { memory: memory.id, actor, session },
      expiryTime: expiryCutoff(memory, clock.now()),
    };
  }

  async function create(input: CreateEventInput): Promise<CreateEventOutput> {
    const memory = memories.find(input.memoryId);
    const { actorId: actor = '', sessionId: session = randomUUID(), clientToken } = input;
    const expiryTime = expiryCutoff(memory, clock.now());
    // AWS ignores what a request with a repeated token contains.
    const existing =
      clientToken === undefined
        ? undefined
        : events.findByToken(memory.id, clientToken, expiryTime);
    if (existing) return { event: toEvent(existing, existing) };
    const location: EventSession = { memory: memory.id, actor, session };
    const at = Number(input.eventTimestamp);
    if (at < 0) {
      throw invalid(
        `eventTimestamp: ${input.eventTimestamp?.toISOString()} is before 1970. Use a later time.`,
      );
    }
    const payload = payloadJson(input.payload);
    const event = {
      at,
      ...resolveBranch(input, location, { branches, events, expiryTime }),
      payload,
      metadata: input.metadata ? JSON.stringify(input.metadata) : null,
    };
    const variables = extractionVariables(input, memory);
    const id = events.add(location, {
      ...event,
      acceptedAt: clock.now(),
      token: clientToken ?? null,
      variables: variables && JSON.stringify(variables),
    });
    if (variables) extraction.scheduleSession(location);
    return { event: toEvent(location, { id, ...event }) };
  }

  async function get(input: GetEventInput): Promise<GetEventOutput> {
    const { location, expiryTime } = locate(input);
    const row = events.get(location, input.eventId ?? '', expiryTime);
    if (!row) throw eventNotFound(input.eventId, location);
    return { event: toEvent(location, row) };
  }

  async function list(input: ListEventsInput): Promise<ListEventsOutput> {
    const { location, expiryTime } = locate(input);
    const { filter, includePayloads = true } = input;
    const { items, nextToken } = readPage(
      `events of ${location.memory} ${location.actor} ${location.session}`,
      memoryPage(input),
      (before, limit) =>
        events.list(location, {
          ranges: filter?.branch
            ? eventRanges(filter.branch, (branch) => branches.findRoot(location, branch))
            : null,
          conditions: (filter?.eventMetadata ?? []).map(toMetadataCondition),
          acceptedAfter: expiryTime,
          before,
          includePayload: includePayloads,
          limit,
        }),
      ({ id }) => id,
    );
    return { events: items.map((row) => toEvent(location, row)), nextToken };
  }

  async function remove(input: DeleteEventInput): Promise<DeleteEventOutput> {
    const { location, expiryTime } = locate(input);
    const row = events.get(location, input.eventId ?? '', expiryTime);
    if (!row || !events.remove(location, row.id)) throw eventNotFound(input.eventId, location);
    return { eventId: row.id };
  }

  async function listActors(input: ListActorsInput): Promise<ListActorsOutput> {
    const memory = memories.find(input.memoryId);
    const expiryTime = expiryCutoff(memory, clock.now());
    const { items, nextToken } = readPage(
      `actors of ${memory.id}`,
      memoryPage(input),
      (after = '', limit) => events.listActors(memory.id, expiryTime, after, limit),
      (actor) => actor,
    );
    return { actorSummaries: items.map((actorId) => ({ actorId })), nextToken };
  }

  async function listSessions(input: ListSessionsInput): Promise<ListSessionsOutput> {
    const memory = memories.find(input.memoryId);
    const { actorId = '', filter } = input;
    const options = {
      expiryTime: expiryCutoff(memory, clock.now()),
      onlyWithEvents: filter?.eventFilter === 'HAS_EVENTS',
    };
    const { items, nextToken } = readPage(
      `sessions of ${memory.id} ${actorId}`,
      memoryPage(input),
      (after = '', limit) =>
        events.listSessions({ memory: memory.id, actor: actorId }, options, after, limit),
      ({ session }) => session,
    );
    return {
      sessionSummaries: items.map(({ session, createdAt }) => ({
        sessionId: session,
        actorId,
        createdAt: new Date(createdAt),
      })),
      nextToken,
    };
  }

  return {
    CreateEvent: { handle: create },
    GetEvent: { handle: get },
    ListEvents: { handle: list },
    DeleteEvent: { handle: remove },
    ListActors: { handle: listActors },
    ListSessions: { handle: listSessions },
  };
}

/** Returns a payload as JSON. Throws when it exceeds the size limit of an event. */
export function payloadJson(payload: CreateEventInput['payload']): string {
  const json = JSON.stringify(payload);
  const size = Buffer.byteLength(json);
  if (size <= MAX_EVENT_BYTES) return json;
  throw invalid(
    `payload: ${size} bytes exceed the limit of ${MAX_EVENT_BYTES} bytes. Split the payload into several events.`,
  );
}

/** Returns the namespace variables of an event to extract, or null when nothing is extracted from it. */
export function extractionVariables(
  { payload = [], extractionMode, extractionConfig }: CreateEventInput,
  memory: StoredMemory,
): NamespaceVariables | null {
  if (extractionMode === 'SKIP' || memory.strategies.length === 0) return null;
  if (!payload.some(({ conversational }) => conversational)) return null;
  const variables = extractionConfig?.namespaceVariables ?? {};
  validateNamespaceVariables(memory, variables);
  return variables;
}

function toEvent({ memory, actor, session }: EventSession, row: EventRow): Event {
  return {
    memoryId: memory,
    actorId: actor,
    sessionId: session,
    eventId: row.id,
    eventTimestamp: new Date(row.at),
    // AWS omits the payload of a list without payloads.
    payload: row.payload === null ? undefined : (readJson(row.payload) as Event['payload']),
    branch: { name: row.branch, ...(row.root === null ? {} : { rootEventId: row.root }) },
    metadata: row.metadata === null ? undefined : (JSON.parse(row.metadata) as Event['metadata']),
  };
}

function toMetadataCondition({
  left,
  operator,
  right,
}: EventMetadataFilterExpression): MetadataCondition {
  const key = left?.metadataKey ?? '';
  if (operator !== 'EQUALS_TO') return { key, is: operator === 'EXISTS' ? 'present' : 'absent' };
  const value = right?.metadataValue?.stringValue;
  if (value !== undefined) return { key, is: 'equal', value };
  throw invalid(
    `filter.eventMetadata: EQUALS_TO for '${key}' requires a value on the right: {metadataValue: {stringValue: …}}`,
  );
}

function eventNotFound(
  id: string | undefined,
  { memory, actor, session }: EventSession,
): WireError {
  return notFound(
    `Unable to find event with id ${id}. It does not belong to actor ${actor} in session ${session} of ${memory}.`,
  );
}
