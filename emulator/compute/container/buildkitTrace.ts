/** A step's state, which BuildKit sends after each change. */
export interface BuildKitStep {
  readonly digest: string;
  readonly name: string;
  readonly started: boolean;
  readonly cached: boolean;
  readonly error: string;
}

/** A piece of a step's output. */
export interface BuildKitOutput {
  readonly step: string;
  readonly text: string;
}

/**
 * Reads a status message of BuildKit (moby.buildkit.v1.StatusResponse). Only a few fields are needed,
 * so they are decoded from protobuf's wire format directly.
 */
export function readBuildKitStatus(base64: string): {
  readonly steps: readonly BuildKitStep[];
  readonly output: readonly BuildKitOutput[];
} {
  const fields = readFields(Buffer.from(base64, 'base64'));
  return {
    steps: fields.bytes(1).map((message) => {
      const step = readFields(message);
      return {
        digest: step.text(1),
        name: step.text(3),
        cached: step.number(4) === 1,
        started: step.bytes(5).length > 0,
        error: step.text(7),
      };
    }),
    output: fields.bytes(3).map((message) => {
      const log = readFields(message);
      return { step: log.text(1), text: log.text(4) };
    }),
  };
}

// Protobuf's wire format: a key (field number and type), then a number, or a length and that many bytes.
function readFields(message: Buffer) {
  const found: { field: number; value: number | Buffer }[] = [];
  let at = 0;
  const readNumber = (): number => {
    let value = 0;
    for (let factor = 1; at < message.length; factor *= 128) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const key = readNumber();
    const [field, type] = [key >>> 3, key & 7];
    if (type === 0) found.push({ field, value: readNumber() });
    else if (type === 2) {
      const length = readNumber();
      found.push({ field, value: message.subarray(at, (at += length)) });
    } else at += type === 1 ? 8 : 4;
  }
  const values = (field: number) =>
    found.filter((one) => one.field === field).map(({ value }) => value);
  const bytes = (field: number) => values(field).filter((value) => Buffer.isBuffer(value));
  return {
    bytes,
    text: (field: number) => bytes(field).at(-1)?.toString('utf8') ?? '',
    number: (field: number) => values(field).find((value) => typeof value === 'number') ?? 0,
  };
}
