import { EventStreamCodec } from '@smithy/core/event-streams';
import { fromUtf8, toUtf8 } from '@smithy/core/serde';
import type { Schema } from '../../src/shared/awsModel/schema.ts';
import type { WireError } from './errors.ts';
import { writeJson } from './json.ts';

const codec = new EventStreamCodec(toUtf8, fromUtf8);

/** Encodes events as AWS's event stream. Each event has one member of the stream's union. */
export async function* frameEvents(
  union: Schema,
  events: AsyncIterable<Readonly<Record<string, unknown>>>,
  toWireError: (error: unknown) => WireError,
): AsyncGenerator<Uint8Array> {
  const { members } = union;
  try {
    for await (const event of events) {
      for (const [name, value] of Object.entries(event)) {
        const member = members.get(name);
        if (!member) throw new Error(`${union.name} has no member ${name}`);
        yield frame('event', name, writeJson(member.schema, value));
      }
    }
  } catch (error) {
    // After the stream has started, an error can only be sent as a frame.
    const wireError = toWireError(error);
    const member = [...members.values()].find(({ schema }) => schema.name === wireError.name);
    if (!member) throw wireError;
    const body = JSON.stringify({ message: wireError.message, ...wireError.members });
    yield frame('exception', member.name, Buffer.from(body));
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
