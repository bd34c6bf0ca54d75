import { EventStreamCodec } from '@smithy/core/event-streams';
import type { NormalizedSchema } from '@smithy/core/schema';
import { fromUtf8, toUtf8 } from '@smithy/core/serde';
import type { WireError } from './errors.ts';
import { writeJson } from './json.ts';

const codec = new EventStreamCodec(toUtf8, fromUtf8);

/** Frames events, each an object with one member of the stream's union, as the SDKs read them. */
export async function* frameEvents(
  union: NormalizedSchema,
  events: AsyncIterable<Readonly<Record<string, unknown>>>,
  asRefusal: (error: unknown) => WireError,
): AsyncGenerator<Uint8Array> {
  const members = union.getMemberSchemas();
  try {
    for await (const event of events) {
      for (const [name, value] of Object.entries(event)) {
        const schema = members[name];
        if (!schema) throw new Error(`${union.getName()} has no member ${name}`);
        yield frame('event', name, writeJson(schema, value));
      }
    }
  } catch (error) {
    // Once a stream has begun, an error can only be one of its frames.
    const refusal = asRefusal(error);
    const name = Object.keys(members).find((member) => members[member]?.getName() === refusal.name);
    if (name === undefined) throw refusal;
    const body = JSON.stringify({ message: refusal.message, ...refusal.members });
    yield frame('exception', name, Buffer.from(body));
  }
}

function frame(kind: 'event' | 'exception', type: string, body: Uint8Array): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': { type: 'string', value: kind },
      [`:${kind}-type`]: { type: 'string', value: type },
      ':content-type': { type: 'string', value: 'application/json' },
    },
    body,
  });
}
