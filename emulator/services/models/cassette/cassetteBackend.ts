import type { BackendContext, EmbeddingReply, ModelBackend } from '../modelBackend.ts';
import { ModelError } from '../modelError.ts';
import type { ModelEvent } from '../modelEvent.ts';
import {
  appendRecording,
  cassetteSize,
  openCassette,
  readCassette,
  recordingKey,
  type Recording,
} from './cassetteFile.ts';
import { describeDifference, findNearest } from './nearestRecording.ts';
import { toRecordedValue, type JsonValue } from './recordedValue.ts';
import { mergeSplitDeltas } from './redaction.ts';
import { createPlaceholders } from './sessionPlaceholders.ts';

/** Differences that an error shows. */
const MAX_SHOWN = 5;

/** Dependencies of recording. Without them, an unrecorded request is an error. */
export interface RecordingSource {
  readonly name: string;
  readonly backend: ModelBackend;
}

/**
 * Creates a backend that replays recorded calls exactly. With a source, it passes other calls on and
 * records them, so that each is recorded once.
 */
export function createCassetteBackend(
  file: string,
  redact: (text: string) => string,
  source?: RecordingSource,
): ModelBackend {
  const recordings = new Map<string, Recording>();
  let size: number | null = null;
  load();

  /** Reads the file. Another backend, or the user, may have changed it since. */
  function load(): void {
    const read = source ? openCassette(file) : readCassette(file);
    size = cassetteSize(file);
    recordings.clear();
    for (const each of read) add(each);
  }

  function add(recording: Recording): void {
    const key = recordingKey(recording.kind, recording.request);
    if (!recordings.has(key)) recordings.set(key, recording);
  }

  /** Returns the request as the cassette has it, with its recording if there is one. */
  function find(kind: Recording['kind'], request: object, { sessionId }: BackendContext) {
    const placeholders = createPlaceholders(sessionId);
    const rewrite = (text: string) => placeholders.insert(redact(text));
    const key = toRecordedValue(request, rewrite);
    const recorded = recordingKey(kind, key);
    if (!recordings.has(recorded) && cassetteSize(file) !== size) load();
    const answer = recordings.get(recorded)?.answer;
    return {
      key,
      rewrite,
      answer: answer && toRecordedValue(answer, placeholders.resolve),
    };
  }

  function record(
    { name }: RecordingSource,
    kind: Recording['kind'],
    { key, rewrite }: Pick<ReturnType<typeof find>, 'key' | 'rewrite'>,
    answer: unknown,
  ): void {
    const recording = {
      kind,
      backend: name,
      recordedAt: new Date().toISOString(),
      request: key,
      answer: toRecordedValue(answer, rewrite),
    } as Recording;
    const added = appendRecording(file, recording);
    if (size !== null) size += added;
    add(recording);
  }

  function unrecorded(kind: Recording['kind'], request: JsonValue): ModelError {
    const ofKind = [...recordings.values()].filter((recording) => recording.kind === kind);
    const nearest = findNearest(
      request,
      ofKind.map((recording) => recording.request as JsonValue),
    );
    const hint = `Record it with --model record:${file}=BACKEND.`;
    if (!nearest) return new ModelError('invalid', `${file} has no recordings. ${hint}`);
    const { index, differences } = nearest;
    const shown = differences.slice(0, MAX_SHOWN).map(describeDifference);
    if (differences.length > MAX_SHOWN) shown.push(`${differences.length - MAX_SHOWN} more`);
    const at = ofKind[index]!.recordedAt;
    return new ModelError(
      'invalid',
      `${file} has no recording of this request. The nearest is of ${at} and differs in: ${shown.join('; ')}. ${hint}`,
    );
  }

  async function answer<Answer>(
    kind: Recording['kind'],
    request: object,
    context: BackendContext,
    ask: (source: ModelBackend) => Promise<Answer>,
  ): Promise<Answer> {
    const found = find(kind, request, context);
    if (found.answer !== undefined) return found.answer as Answer;
    if (!source) throw unrecorded(kind, found.key);
    const answered = await ask(source.backend);
    record(source, kind, found, answered);
    return answered;
  }

  return {
    async *invoke(request, context): AsyncGenerator<ModelEvent> {
      const found = find('reply', request, context);
      if (found.answer !== undefined) return yield* found.answer as unknown as ModelEvent[];
      if (!source) throw unrecorded('reply', found.key);
      const events: ModelEvent[] = [];
      for await (const event of source.backend.invoke(request, context)) {
        events.push(event);
        // An incomplete reply has no end and is not recorded. Clients may stop reading after the end.
        if (event.type === 'end') {
          record(source, 'reply', found, mergeSplitDeltas(events, found.rewrite));
        }
        yield event;
      }
    },
    countTokens: (request, context) =>
      answer('tokens', request, context, (backend) => backend.countTokens(request, context)),
    embed: (request, context) =>
      answer<EmbeddingReply>('embeddings', request, context, (backend) =>
        backend.embed(request, context),
      ),
    readTokens: () => source?.backend.readTokens?.() ?? [],
    close: async () => source?.backend.close?.(),
  };
}
