import type {
  InvokeModelCommandInput,
  PerformanceConfigLatency,
  ResponseStream,
  ServiceTierType,
} from '@aws-sdk/client-bedrock-runtime';
import type { Call } from '../../../wire/handlers.ts';
import type { OperationInput, OperationOutput } from '../../../wire/operationTypes.ts';
import type { Clock } from '../../../clock.ts';
import type { ModelCalls } from '../modelCalls.ts';
import { ModelError } from '../modelError.ts';
import { collectReply, type ModelEvent, type ReplyEnd } from '../modelEvent.ts';
import type { ModelRequest } from '../modelRequest.ts';
import { requireFamily } from './families/findFamily.ts';
import { parseModelBody, type ModelBody } from './families/modelBody.ts';
import type { EmbeddingFamily, TextFamily } from './families/modelFamily.ts';
import { toStreamError } from './bedrockError.ts';

type Input = OperationInput<'InvokeModel'>;

/** Dependencies of Bedrock Runtime's operations. */
export interface BedrockDependencies {
  readonly calls: ModelCalls;
  readonly clock: Pick<Clock, 'now'>;
}

/** Replies to InvokeModel in the format of the model's family. */
export async function invokeModel(
  { calls, clock }: BedrockDependencies,
  input: Input,
  call: Call,
): Promise<OperationOutput<'InvokeModel'>> {
  const startedAt = performance.now();
  const model = input.modelId!;
  const body = parseModelBody(input.body);
  const family = await requireFamily(model, body);
  const document =
    family.kind === 'embedding'
      ? await embed(calls, family, body, model, call)
      : await reply(calls, family, readRequest(family, body, input), clock.now(), call);
  call.setResponseHeader(
    'x-amzn-bedrock-invocation-latency',
    Math.round(performance.now() - startedAt),
  );
  return {
    body: Buffer.from(JSON.stringify(document)),
    contentType: 'application/json',
    ...copyServiceSettings(input),
  };
}

async function embed(
  calls: ModelCalls,
  family: EmbeddingFamily,
  body: ModelBody,
  model: string,
  call: Call,
): Promise<object> {
  const embedded = await calls.embed(call, family.readRequest(body, model));
  call.setResponseHeader('x-amzn-bedrock-input-token-count', embedded.inputTokens);
  return family.writeReply(embedded, body);
}

async function reply(
  calls: ModelCalls,
  family: TextFamily,
  request: ModelRequest,
  time: number,
  call: Call,
): Promise<object> {
  const collected = await collectReply(await calls.invoke(call, request));
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = collected.end.usage;
  call.setResponseHeader('x-amzn-bedrock-input-token-count', inputTokens);
  call.setResponseHeader('x-amzn-bedrock-output-token-count', outputTokens);
  call.setResponseHeader('x-amzn-bedrock-cache-read-input-token-count', cacheReadTokens);
  call.setResponseHeader('x-amzn-bedrock-cache-write-input-token-count', cacheWriteTokens);
  return {
    ...family.writeReply(collected, { model: request.model, time }),
    ...guardrailAction(request, collected.end),
  };
}

/** Replies to InvokeModelWithResponseStream with the family's events as chunks. */
export async function streamModel(
  { calls, clock }: BedrockDependencies,
  input: Input,
  call: Call,
): Promise<OperationOutput<'InvokeModelWithResponseStream'>> {
  const startedAt = performance.now();
  const body = parseModelBody(input.body);
  const family = await requireFamily(input.modelId!, body);
  if (family.kind === 'embedding') {
    throw new ModelError('invalid', 'The model is unsupported for streaming.');
  }
  const request = readRequest(family, body, input);
  const events = await calls.invoke(call, request);
  return {
    body: writeChunks(events, family, request, { startedAt, time: clock.now() }),
    contentType: 'application/json',
    ...copyServiceSettings(input),
  };
}

/** Adds the invocation's metrics to the last chunk. Sends each chunk after the end one chunk later. */
async function* writeChunks(
  events: AsyncIterable<ModelEvent>,
  family: TextFamily,
  request: ModelRequest,
  { startedAt, time }: { readonly startedAt: number; readonly time: number },
): AsyncGenerator<ResponseStream> {
  let end: ReplyEnd | undefined;
  let firstByteLatency: number | undefined;
  async function* observe(): AsyncGenerator<ModelEvent> {
    for await (const event of events) {
      if (event.type === 'end') end = event;
      else if (event.type !== 'start') firstByteLatency ??= performance.now() - startedAt;
      yield event;
    }
  }
  try {
    let held: object | undefined;
    for await (const document of family.writeEvents(observe(), { model: request.model, time })) {
      if (held) yield createChunk(held);
      held = end && document;
      if (!held) yield createChunk(document);
    }
    if (!held || !end) return;
    yield createChunk({
      ...held,
      ...guardrailAction(request, end),
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: end.usage.inputTokens,
        outputTokenCount: end.usage.outputTokens,
        invocationLatency: Math.round(performance.now() - startedAt),
        firstByteLatency: Math.round(firstByteLatency ?? 0),
        cacheReadInputTokenCount: end.usage.cacheReadTokens,
        cacheWriteInputTokenCount: end.usage.cacheWriteTokens,
      },
    });
  } catch (error) {
    throw toStreamError(error);
  }
}

function createChunk(document: object): ResponseStream {
  return { chunk: { bytes: Buffer.from(JSON.stringify(document)) } };
}

function readRequest(family: TextFamily, body: ModelBody, input: Input): ModelRequest {
  const { guardrailIdentifier: id, guardrailVersion: version } = input;
  if (!id !== !version) {
    throw new ModelError(
      'invalid',
      `${id ? 'guardrailVersion' : 'guardrailIdentifier'} must be set: a guardrail needs its identifier and version.`,
    );
  }
  const request = family.readRequest(body, input.modelId!);
  return id && version ? { ...request, guardrail: { id, version } } : request;
}

function guardrailAction({ guardrail }: ModelRequest, { stopReason }: ReplyEnd): object {
  if (!guardrail) return {};
  const action = stopReason === 'guardrail' ? 'INTERVENED' : 'NONE';
  return { 'amazon-bedrock-guardrailAction': action };
}

/** Returns the settings that AWS repeats in the response. */
function copyServiceSettings({
  performanceConfigLatency,
  serviceTier,
}: Pick<InvokeModelCommandInput, 'performanceConfigLatency' | 'serviceTier'>): {
  performanceConfigLatency?: PerformanceConfigLatency;
  serviceTier?: ServiceTierType;
} {
  return {
    ...(performanceConfigLatency && { performanceConfigLatency }),
    ...(serviceTier && { serviceTier }),
  };
}
