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
  // Passing the codec's bytes to Buffer.from directly would convert them to a string and log a warning.
  const { buffer, byteOffset, byteLength } = serializer.flush();
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** A number with more digits than a JavaScript number can represent, as it was written. */
export class ExactNumber extends NumericValue {
  constructor(text: string) {
    super(text, 'bigDecimal');
  }

  /** Unlike the base class, does not accept other objects with the same fields. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.isPrototypeOf.call(ExactNumber.prototype, value as object);
  }

  /** Writes the original text. */
  toJSON(): unknown {
    return rawJson(this.string);
  }
}

// Missing in TypeScript's library types.
const { rawJSON: rawJson } = JSON as unknown as { rawJSON: (text: string) => unknown };
const parse = JSON.parse as (
  text: string,
  reviver?: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

// A reviver makes parsing several times slower and is rarely needed.
const MAY_BE_LONG = /\d(?:[\d.]{15}|[eE][+-]?\d{3})/;

/** Parses JSON. A number that JavaScript would round becomes an ExactNumber. */
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
