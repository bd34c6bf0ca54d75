import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { ModelError } from '../modelError.ts';
import type { JsonValue } from './recordedValue.ts';

// A cassette is JSON Lines: a header, and a line for each recorded call.
const header = z.looseObject({
  format: z.literal('agentcore-workbench cassette'),
  version: z.literal(1),
});
const HEADER: z.output<typeof header> = { format: 'agentcore-workbench cassette', version: 1 };

const recording = z.strictObject({
  kind: z.enum(['reply', 'tokens', 'embeddings']),
  /** The source of the reply, for people who read the file. */
  backend: z.string(),
  recordedAt: z.string(),
  request: z.json(),
  /** The events of a reply, a number of tokens, or embeddings. */
  answer: z.json(),
});

/** A recorded call. */
export type Recording = z.output<typeof recording>;

/** Reads the recordings of a cassette. Throws a ModelError that names the line of a problem. */
export function readCassette(file: string): Recording[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'The file does not exist.' : message;
    throw new ModelError(
      'invalid',
      `${file}: ${problem} Record it with --model record:${file}=BACKEND.`,
    );
  }
  const lines = text.split('\n').filter((line) => line !== '');
  parseLine(header, lines[0] ?? '', file, 1);
  return lines.slice(1).map((line, index) => parseLine(recording, line, file, index + 2));
}

/** Creates a cassette, and its folder, if the file does not exist, and reads it. */
export function openCassette(file: string): Recording[] {
  if (!existsSync(file)) {
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(HEADER)}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      throw new ModelError('invalid', `${file}: ${(error as Error).message}`);
    }
  }
  return readCassette(file);
}

/** Appends a recording, and returns its number of bytes. */
export function appendRecording(file: string, added: Recording): number {
  const line = Buffer.from(`${JSON.stringify(added)}\n`);
  appendFileSync(file, line);
  return line.length;
}

/** Returns the bytes of a cassette, which change with its recordings; null if the file does not exist. */
export function cassetteSize(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null;
}

/** Returns the key of a recording: the kind of call and the request's JSON. */
export function recordingKey(kind: Recording['kind'], request: JsonValue): string {
  return `${kind} ${JSON.stringify(request)}`;
}

function parseLine<Schema extends z.ZodType>(
  schema: Schema,
  line: string,
  file: string,
  number: number,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ModelError('invalid', `${file}:${number} is not JSON. Remove the line.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') || 'line';
  throw new ModelError(
    'invalid',
    `${file}:${number}: ${field}: ${issue?.message}. This is not a cassette of version ${HEADER.version}.`,
  );
}
