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
import { cutPage } from '../../wire/paging.ts';
import { resolveBranch, eventRanges } from './branches.ts';
import type { BranchStore } from './branchStore.ts';
import type { EventSession } from './eventSession.ts';
import type { EventRow, EventStore, MetadataCondition } from './eventStore.ts';
import type { MemoryStore } from './memoryStore.ts';
import type { ExtractionScheduler } from './extraction/extractionScheduler.ts';
import { validateNamespaceVariables, type NamespaceVariables } from './extraction/namespace.ts';
import { expiryCutoff, type StoredMemory } from './storedMemory.ts';
import { memoryPage } from './memoryPage.ts';

/** AWS's bound for the payload of one event. */
const LARGEST_EVENT_BYTES = 10_000_000;

/** Where an event is, in the operations' words. */
interface Place {
  readonly memoryId: string | undefined;
  readonly actorId: string | undefined;
  readonly sessionId: string | undefined;
}

/** The operations of short-term memory: what was said, by whom, in which session. */
export function createEventOperations({
  memories,
  events,
  branches,
  extraction,
  clock,
}: {
  memories: Pick<MemoryStore, 'find'>;
  events: EventStore;
  branches: Pick<BranchStore, 'rootOf'>;
  extraction: Pick<ExtractionScheduler, 'expect'>;
  clock: Clock;
}) {
  /** The session that is meant, and since when what was accepted has not expired. */
  function locate(input: Place): { here: EventSession; seen: number } {
    const memory = memories.find(input.memoryId);
    const { actorId: actor = '', sessionId: session = '' } = input;
    return {
      here: { memory: memory.id, actor, session },
      seen: expiryCutoff(memory, clock.now()),
    };
  }

  async function create(input: CreateEventInput): Promise<CreateEventOutput> {
    const memory = memories.find(input.memoryId);
    const { actorId: actor = '', sessionId: session = randomUUID(), clientToken } = input;
    const seen = expiryCutoff(memory, clock.now());
    // AWS ignores what a request with a repeated token contains.
    const earlier =
      clientToken === undefined ? undefined : events.withToken(memory.id, clientToken, seen);
    if (earlier) return { event: toEvent(earlier, earlier) };
    const here: EventSession = { memory: memory.id, actor, session };
    const at = Number(input.eventTimestamp);
    if (at < 0) {
      throw invalid(
        `eventTimestamp: ${input.eventTimestamp?.toISOString()} is before 1970, where its numbering begins`,
      );
    }
    const payload = payloadJson(input.payload);
    const event = {
      at,
      ...resolveBranch(input, here, { branches, events, seen }),
      payload,
      metadata: input.metadata ? JSON.stringify(input.metadata) : null,
    };
    const variables = extractionVariables(input, memory);
    const id = events.add(here, {
      ...event,
      acceptedAt: clock.now(),
      token: clientToken ?? null,
      variables: variables && JSON.stringify(variables),
    });
    if (variables) extraction.expect(here);
    return { event: toEvent(here, { id, ...event }) };
  }

  async function get(input: GetEventInput): Promise<GetEventOutput> {
    const { here, seen } = locate(input);
    const row = events.get(here, input.eventId ?? '', seen);
    if (!row) throw noEvent(input.eventId, here);
    return { event: toEvent(here, row) };
  }

  async function list(input: ListEventsInput): Promise<ListEventsOutput> {
    const { here, seen } = locate(input);
    const { filter, includePayloads = true } = input;
    const { items, nextToken } = cutPage(
      `events of ${here.memory} ${here.actor} ${here.session}`,
      memoryPage(input),
      (before, limit) =>
        events.list(here, {
          stretches: filter?.branch
            ? eventRanges(filter.branch, (branch) => branches.rootOf(here, branch))
            : null,
          conditions: (filter?.eventMetadata ?? []).map(conditionOf),
          acceptedAfter: seen,
          before,
          withPayload: includePayloads,
          limit,
        }),
      ({ id }) => id,
    );
    return { events: items.map((row) => toEvent(here, row)), nextToken };
  }

  async function remove(input: DeleteEventInput): Promise<DeleteEventOutput> {
    const { here, seen } = locate(input);
    const row = events.get(here, input.eventId ?? '', seen);
    if (!row || !events.remove(here, row.id)) throw noEvent(input.eventId, here);
    return { eventId: row.id };
  }

  async function listActors(input: ListActorsInput): Promise<ListActorsOutput> {
    const memory = memories.find(input.memoryId);
    const seen = expiryCutoff(memory, clock.now());
    const { items, nextToken } = cutPage(
      `actors of ${memory.id}`,
      memoryPage(input),
      (after = '', limit) => events.actors(memory.id, seen, after, limit),
      (actor) => actor,
    );
    return { actorSummaries: items.map((actorId) => ({ actorId })), nextToken };
  }

  async function listSessions(input: ListSessionsInput): Promise<ListSessionsOutput> {
    const memory = memories.find(input.memoryId);
    const { actorId = '', filter } = input;
    const choice = {
      seen: expiryCutoff(memory, clock.now()),
      withEvents: filter?.eventFilter === 'HAS_EVENTS',
    };
    const { items, nextToken } = cutPage(
      `sessions of ${memory.id} ${actorId}`,
      memoryPage(input),
      (after = '', limit) =>
        events.sessions({ memory: memory.id, actor: actorId }, choice, after, limit),
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

/** A payload as it is kept, unless it is larger than an event may be. */
export function payloadJson(payload: CreateEventInput['payload']): string {
  const json = JSON.stringify(payload);
  const size = Buffer.byteLength(json);
  if (size <= LARGEST_EVENT_BYTES) return json;
  throw invalid(
    `payload: has ${size} bytes; an event may have ${LARGEST_EVENT_BYTES}. Divide it into several events`,
  );
}

/** The values of the namespace variables of what is to be extracted; of what is not, null. */
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
    payload: row.payload === null ? [] : (readJson(row.payload) as Event['payload']),
    branch: { name: row.branch, ...(row.root === null ? {} : { rootEventId: row.root }) },
    metadata: row.metadata === null ? undefined : (JSON.parse(row.metadata) as Event['metadata']),
  };
}

function conditionOf({ left, operator, right }: EventMetadataFilterExpression): MetadataCondition {
  const key = left?.metadataKey ?? '';
  if (operator !== 'EQUALS_TO') return { key, is: operator === 'EXISTS' ? 'present' : 'absent' };
  const value = right?.metadataValue?.stringValue;
  if (value !== undefined) return { key, is: 'equal', value };
  throw invalid(
    `filter.eventMetadata: EQUALS_TO needs a value on its right for '${key}': {metadataValue: {stringValue: …}}`,
  );
}

function noEvent(id: string | undefined, { memory, actor, session }: EventSession): WireError {
  return notFound(`There is no event '${id}' of the actor ${actor} in ${session} of ${memory}`);
}
