import { randomUUID } from 'node:crypto';
import { parseModelSpec, type ModelSpec } from '../../../src/shared/modelSpec.ts';
import type { ActivityEmitter } from '../../activity.ts';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import { startSpan, type SpanDetail } from '../../span.ts';
import type { TextModel, TextModelCall } from '../../textModel.ts';
import { createModelCalls, type ModelCall, type SelectedBackend } from './modelCalls.ts';
import { ModelError } from './modelError.ts';
import { collectReply } from './modelEvent.ts';

/** Maximum concurrent calls of one model. Others wait. */
const MAX_CALLS = 4;

/** Maximum tokens of a reply. It stops a model that repeats itself. */
const MAX_REPLY_TOKENS = 4_096;

interface TextModelOptions {
  readonly open: (name: string) => Promise<SelectedBackend>;
  readonly timeoutSeconds: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly activity: ActivityEmitter;
  readonly logger: Logger;
}

/** Creates a model for another service. The backend opens with the first call, and again after a failure. */
export function createTextModel(
  name: string,
  { open, timeoutSeconds, clock, activity, logger }: TextModelOptions,
): TextModel {
  const inSlot = createSlots(MAX_CALLS);
  const calls = createModelCalls({ nameFor: () => name, select: async () => open(name) });

  /** Runs a call with a span. A backend that ignores the signal does not delay the end of the call. */
  async function measured<Result>(
    { operation, caller, signal }: TextModelCall,
    work: (call: ModelCall) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutSeconds * 1_000);
    const ended = AbortSignal.any([signal, timeout]);
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(ended.reason as Error);
    ended.addEventListener('abort', abort);
    const endSpan = startSpan({ requestId: randomUUID(), headers: {}, caller }, clock);
    let detail: Promise<SpanDetail> = Promise.resolve({});
    const call: ModelCall = {
      caller,
      onDisconnected(listener) {
        if (ended.aborted) listener();
        else ended.addEventListener('abort', listener);
      },
      addToSpan: (promise) => void (detail = promise),
    };
    let status = 200;
    try {
      return await Promise.race([work(call), aborted.promise]);
    } catch (error) {
      status = 500;
      signal.throwIfAborted();
      if (!timeout.aborted) throw error;
      throw new ModelError(
        'timeout',
        `${name} did not reply within ${timeoutSeconds} s. Use a faster model, or a longer --memory-timeout.`,
      );
    } finally {
      ended.removeEventListener('abort', abort);
      const span = endSpan(operation, status);
      void detail.then((more) => {
        activity.emit({ type: 'span', span: { ...span, ...more } });
        const { model, inputTokens, outputTokens } = more.model ?? {};
        if (status === 200) {
          logger.info(
            `${operation}: ${name} (${model}) read ${inputTokens} tokens and wrote ${outputTokens} in ${Math.round(span.duration)} ms`,
          );
        }
      });
    }
  }

  return {
    name,
    reply: async ({ instructions, text, schema, modelId }, context) =>
      inSlot(async () => {
        const model = requestedModel(name, modelId);
        return measured(context, async (call) => {
          const events = await calls.invoke(call, {
            model,
            system: [{ text: instructions }],
            messages: [{ role: 'user', content: [{ type: 'text', text }] }],
            tools: [],
            toolChoice: { type: 'none' },
            maxTokens: MAX_REPLY_TOKENS,
            stopSequences: [],
            outputSchema: schema,
          });
          const { content, end } = await collectReply(events);
          if (end.stopReason !== 'endTurn' && end.stopReason !== 'stopSequence') {
            throw new ModelError('modelError', `${name} ended its reply with ${end.stopReason}`);
          }
          return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
        });
      }),
    embed: async (texts, context) =>
      inSlot(async () => {
        const model = requestedModel(name, undefined);
        return measured(context, async (call) => {
          const { vectors } = await calls.embed(call, { model, texts });
          requireVectors(name, vectors, texts.length);
          return vectors;
        });
      }),
  };
}

/** Returns the ID of the model to call. Backends of recordings and the offline model need none. */
function requestedModel(name: string, modelId: string | undefined): string {
  const model = modelInName(parseModelSpec(name)!);
  if (model !== null) return model;
  if (modelId !== undefined) return modelId;
  throw new ModelError(
    'invalid',
    `'${name}' does not name a model, and the strategy has no modelId. Add the model's ID to the name.`,
  );
}

function modelInName(spec: ModelSpec): string | null {
  if (spec.kind === 'record') return modelInName(parseModelSpec(spec.from)!);
  return 'model' in spec ? spec.model : spec.kind;
}

function requireVectors(
  name: string,
  vectors: readonly (readonly number[])[],
  count: number,
): void {
  const [first] = vectors;
  const isValid = (vector: unknown) =>
    Array.isArray(vector) &&
    vector.length === first!.length &&
    vector.length > 0 &&
    vector.every(Number.isFinite);
  if (vectors.length === count && vectors.every(isValid)) return;
  throw new ModelError(
    'modelError',
    `${name} returned ${vectors.length} embeddings for ${count} texts, or embeddings of different lengths`,
  );
}

/** Returns a function that runs at most `count` tasks at a time, in order. */
function createSlots(count: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
