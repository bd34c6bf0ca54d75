import type { ModelCallSummary } from '../../../src/shared/session.ts';
import type { Caller } from '../../caller.ts';
import type { SpanDetail } from '../../span.ts';
import type { EmbeddingReply, EmbeddingRequest, ModelBackend } from './modelBackend.ts';
import { ModelError } from './modelError.ts';
import { NO_USAGE, type ModelEvent, type ModelUsage } from './modelEvent.ts';
import type { ModelRequest } from './modelRequest.ts';
import { estimateCost } from './prices.ts';

/** A model call in any protocol. */
export interface ModelCall {
  readonly caller: Caller | null;
  /** Calls back if the client disconnects before the end of the response. */
  onDisconnected(listener: () => void): void;
  /** Adds to the span of the request, which then ends with the promise. */
  addToSpan(detail: Promise<SpanDetail>): void;
}

/** Sends each call to the backend of its caller, and measures it. */
export interface ModelCalls {
  /** The name of the backend that a caller's calls reach. */
  nameFor(caller: Caller | null): string;
  /** Resolves with the first event. An earlier error rejects, so that it sets the response's status. */
  invoke(call: ModelCall, request: ModelRequest): Promise<AsyncIterable<ModelEvent>>;
  countTokens(call: ModelCall, request: ModelRequest): Promise<number>;
  embed(call: ModelCall, request: EmbeddingRequest): Promise<EmbeddingReply>;
}

/** A backend with the name under which users chose it. */
export interface SelectedBackend {
  readonly name: string;
  readonly backend: ModelBackend;
  /** The model that replies to all calls; null if it is the one that each call names. */
  readonly model: string | null;
  /** True if a provider charges for its calls. */
  readonly isCharged: boolean;
}

/** Selects the backend of each call. */
export interface BackendSelector {
  nameFor(caller: Caller | null): string;
  select(caller: Caller | null): Promise<SelectedBackend>;
}

export function createModelCalls({ nameFor, select }: BackendSelector): ModelCalls {
  async function start(call: ModelCall, model: string) {
    const selected = await select(call.caller);
    const { backend } = selected;
    const controller = new AbortController();
    const measurement = measure(selected, model, controller.signal);
    call.onDisconnected(() => {
      controller.abort();
      measurement.abandon();
    });
    call.addToSpan(measurement.detail);
    const agent = call.caller?.agent.source.name ?? null;
    const sessionId = call.caller?.session()?.run.sessionId ?? null;
    return { backend, measurement, context: { signal: controller.signal, agent, sessionId } };
  }

  return {
    nameFor,
    async invoke(call, request) {
      const { backend, measurement, context } = await start(call, request.model);
      const events = measurement.observe(backend.invoke(request, context));
      // The client may disconnect before anything reads the rest of the events.
      call.onDisconnected(() => void events.return());
      const first = await events.next();
      return resume(first, events);
    },
    async countTokens(call, request) {
      const { backend, measurement, context } = await start(call, request.model);
      return measurement.settle(backend.countTokens(request, context), (inputTokens) => ({
        inputTokens,
      }));
    },
    async embed(call, request) {
      const { backend, measurement, context } = await start(call, request.model);
      return measurement.settle(backend.embed(request, context), ({ inputTokens }) => ({
        inputTokens,
      }));
    },
  };
}

async function* resume<Item>(
  first: IteratorResult<Item, void>,
  rest: AsyncGenerator<Item, void>,
): AsyncGenerator<Item, void> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}

/** Collects the summary of a call. */
function measure(
  { name: backend, model: chosen, isCharged }: SelectedBackend,
  model: string,
  signal: AbortSignal,
) {
  const detail = Promise.withResolvers<SpanDetail>();
  const startedAt = performance.now();
  const tools: string[] = [];
  let usage = NO_USAGE;
  let timeToFirstToken: number | null = null;

  function finish(stopReason: string | null, error: Error | null): void {
    const summary: ModelCallSummary = {
      model,
      backend,
      ...usage,
      timeToFirstToken,
      tools,
      cost: isCharged ? estimateCost(chosen ?? model, usage) : null,
      stopReason,
      error: error === null ? null : error.message,
    };
    detail.resolve({ model: summary });
  }

  /** Every backend ends an aborted call in its own way. None of them is a failure. */
  function toFailure(error: unknown): Error {
    if (!signal.aborted) return error as Error;
    return new ModelError('unavailable', 'The client disconnected.');
  }

  return {
    detail: detail.promise,
    /** Ends the measurement of a call whose client disconnected, also if its reply never started. */
    abandon: () => finish(null, new ModelError('unavailable', 'The client disconnected.')),
    async *observe(events: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent, void> {
      let failure: Error | null = null;
      let stopReason: string | null = null;
      try {
        for await (const event of events) {
          if (event.type === 'start') usage = { ...NO_USAGE, ...event.usage };
          else timeToFirstToken ??= performance.now() - startedAt;
          if (event.type === 'blockStart' && event.block.type === 'toolUse') {
            tools.push(event.block.name);
          }
          if (event.type === 'end') ({ usage, stopReason } = event);
          yield event;
        }
      } catch (error) {
        failure = toFailure(error);
        throw failure;
      } finally {
        finish(stopReason, failure);
      }
    },
    async settle<Result>(
      work: Promise<Result>,
      usageOf: (result: Result) => Partial<ModelUsage>,
    ): Promise<Result> {
      try {
        const result = await work;
        usage = { ...NO_USAGE, ...usageOf(result) };
        finish(null, null);
        return result;
      } catch (error) {
        const failure = toFailure(error);
        finish(null, failure);
        throw failure;
      }
    },
  };
}
