import { randomUUID } from 'node:crypto';
import type { Caller } from '../../../caller.ts';
import type { Clock } from '../../../clock.ts';
import type { ModelCalls } from '../modelCalls.ts';
import { ModelError, toModelError } from '../modelError.ts';
import { observeReply, type ModelEvent, type ModelReply } from '../modelEvent.ts';
import type { ModelProtocol } from '../protocolRoute.ts';
import { writeServerSentEvent } from '../serverSentEvent.ts';
import { writeResponseError } from './openaiError.ts';
import type { ResponsesReply } from './responsesEvent.ts';
import { writeResponsesEvents, writeResponsesReply } from './responsesReply.ts';
import { readResponsesRequest, type EarlierTurns } from './responsesRequest.ts';
import { createResponseStore } from './responseStore.ts';

/** Creates the endpoints of responses. */
export function createResponsesEndpoints(
  calls: ModelCalls,
  clock: Pick<Clock, 'now'>,
): ModelProtocol['endpoints'] {
  const store = createResponseStore();

  function find(caller: Caller | null, id: string) {
    const stored = store.find(caller, id);
    if (stored) return stored;
    throw new ModelError('notFound', `The session has no stored response '${id}'.`);
  }

  return {
    'POST /responses': {
      operation: 'openai responses',
      async handle({ body: json }, call) {
        const { caller } = call;
        const { request, body, turns } = readResponsesRequest(
          json,
          (id) => store.find(caller, id)?.turns,
        );
        const info = {
          id: `resp_${randomUUID().replaceAll('-', '')}`,
          now: () => Math.floor(clock.now() / 1000),
          body,
        };
        let whole: ModelReply | undefined;
        const events = observeReply(
          await calls.invoke(call, request),
          (reply) => void (whole = reply),
        );
        const keep = (reply: ResponsesReply) => {
          if (whole && body.store !== false) {
            store.add(caller, reply.id, { reply, turns: addReply(turns, whole) });
          }
        };
        if (body.stream) return { events: writeStream(events, info, keep) };
        const reply = await writeResponsesReply(events, info);
        keep(reply);
        return { json: reply };
      },
    },
    'GET /responses/{id}': {
      operation: 'openai response',
      handle: async ({ parameters }, { caller }) => ({
        json: find(caller, parameters['id']!).reply,
      }),
    },
    'DELETE /responses/{id}': {
      operation: 'openai delete response',
      async handle({ parameters }, { caller }) {
        const { id } = find(caller, parameters['id']!).reply;
        store.remove(caller, id);
        return { json: { id, object: 'response', deleted: true } };
      },
    },
  };
}

async function* writeStream(
  events: AsyncIterable<ModelEvent>,
  info: Parameters<typeof writeResponsesReply>[1],
  keep: (reply: ResponsesReply) => void,
): AsyncGenerator<string> {
  const describeError = (error: unknown) => writeResponseError(toModelError(error));
  for await (const event of writeResponsesEvents(events, info, describeError)) {
    // A client may continue a response as soon as it has read its last event.
    if ('response' in event) keep(event.response);
    yield writeServerSentEvent(event, event.type);
  }
}

function addReply({ system, messages }: EarlierTurns, { content }: ModelReply): EarlierTurns {
  return { system, messages: [...messages, { role: 'assistant', content }] };
}
