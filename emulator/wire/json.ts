import { JsonCodec2 } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';

// The protocol's settings: timestamps as their schema says, otherwise seconds since the epoch.
const EPOCH_SECONDS = 7;
const codec = new JsonCodec2({
  jsonName: false,
  timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
});

/** Writes a value as JSON in the form that its schema gives it. */
export function writeJson(schema: NormalizedSchema, value: unknown): Uint8Array {
  const serializer = codec.createSerializer();
  serializer.write(schema, value);
  // Copied as they are, the codec's bytes would turn into a string first, and warn about it.
  const { buffer, byteOffset, byteLength } = serializer.flush();
  return Buffer.from(buffer, byteOffset, byteLength);
}
