import * as z from 'zod';
import type { Caller } from '../../../caller.ts';
import { ModelError } from '../modelError.ts';
import { invalidField, parseRequest } from '../requestShape.ts';
import { createSessionItems } from '../sessionItems.ts';

/** The body of a request for a message. */
type Body = Readonly<Record<string, unknown>>;

/**
 * Conversations that clients continue by the ID of a message. Their requests then have only new messages.
 * The tool runners of the SDKs use them.
 */
export interface MessageThreads {
  /** Returns the request with the earlier messages of its thread. */
  complete(caller: Caller | null, body: Body): Body;
  /** Stores the conversation of a completed request by its reply's ID if the request has a thread. */
  keep(caller: Caller | null, completed: Body, reply: { id: string; content: unknown }): void;
}

/** The error for an unknown thread. SDKs respond by sending the full conversation. */
export class ThreadNotFound extends ModelError {}

const threadShape = z.object({
  thread: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('create') }),
      z.object({ type: z.literal('continue'), previous_message_id: z.string() }),
    ])
    .nullish(),
});

/** Fields of a thread's first request, which hold for all of its requests. */
const THREAD_FIELDS = ['system', 'tools'] as const;

export function createMessageThreads(): MessageThreads {
  const threads = createSessionItems<Body>((conversation) => JSON.stringify(conversation).length);

  return {
    complete(caller, body) {
      const { thread } = parseRequest(threadShape, body);
      if (thread?.type !== 'continue') return body;
      const id = thread.previous_message_id;
      const conversation = threads.find(caller, id);
      if (!conversation) {
        throw new ThreadNotFound(
          'notFound',
          `The session has no thread with the message "${id}". Send all messages with thread.type "create".`,
          undefined,
          'thread.previous_message_id',
        );
      }
      for (const field of THREAD_FIELDS) {
        if (body[field] === undefined) continue;
        throw invalidField(
          [field],
          'is a field of the request that creates the thread. Remove it.',
        );
      }
      return {
        ...body,
        ...conversation,
        messages: [...listMessages(conversation), ...listMessages(body)],
      };
    },
    keep(caller, completed, { id, content }) {
      if (!completed['thread']) return;
      const fields = THREAD_FIELDS.filter((field) => completed[field] !== undefined);
      threads.add(caller, id, {
        ...Object.fromEntries(fields.map((field) => [field, completed[field]])),
        messages: [...listMessages(completed), { role: 'assistant', content }],
      });
    },
  };
}

/** The messages of a request. Values other than lists are rejected when the request is validated. */
function listMessages({ messages }: Body): readonly unknown[] {
  return Array.isArray(messages) ? (messages as readonly unknown[]) : [];
}
