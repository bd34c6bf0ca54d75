import { JsonCodec2 } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { NumericValue } from '@smithy/core/serde';

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

/** A number with more digits than JavaScript's have, as it was written. */
export class ExactNumber extends NumericValue {
  constructor(text: string) {
    super(text, 'bigDecimal');
  }

  /** Unlike its parent's, no object of a payload is taken for one, whatever its fields. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.isPrototypeOf.call(ExactNumber.prototype, value as object);
  }

  /** Its own text, in place of an object's. */
  toJSON(): unknown {
    return rawJson(this.string);
  }
}

// What TypeScript's libraries do not know yet.
const { rawJSON: rawJson } = JSON as unknown as { rawJSON: (text: string) => unknown };
const parse = JSON.parse as (
  text: string,
  reviver?: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

// Looking at every value takes several times as long, and is seldom needed.
const MAY_BE_LONG = /\d(?:[\d.]{15}|[eE][+-]?\d{3})/;

/** Reads JSON. What JavaScript's numbers would round is an ExactNumber, so that it is written as it came. */
export function readJson(text: string): unknown {
  if (!MAY_BE_LONG.test(text)) return parse(text);
  return parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && isRounded(value, source)
      ? new ExactNumber(source)
      : value,
  );
}

function isRounded(value: number, source: string): boolean {
  return MAY_BE_LONG.test(source) && String(value) !== source;
}
