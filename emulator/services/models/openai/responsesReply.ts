import type {
  Response as ResponseObject,
  ResponseError,
  ResponseStreamEvent,
  ResponseUsage,
} from 'openai/resources/responses/responses';
import type { ModelEvent, ModelUsage, ReplyEnd } from '../modelEvent.ts';
import type { EventBody, ResponsesReply } from './responsesEvent.ts';
import { createOutputItems } from './responsesOutput.ts';
import type { ResponsesBody } from './responsesRequestShape.ts';

/** The fields of a response that do not come from the model. */
export interface ResponsesReplyInfo {
  readonly id: string;
  /** Returns the Unix time in seconds. */
  readonly now: () => number;
  /** The request, which the response repeats in part. */
  readonly body: ResponsesBody;
}

/** Translates the events of a reply to a complete response. */
export async function writeResponsesReply(
  events: AsyncIterable<ModelEvent>,
  info: ResponsesReplyInfo,
): Promise<ResponsesReply> {
  let response: ResponsesReply | undefined;
  for await (const event of writeResponsesEvents(events, info)) {
    if ('response' in event) ({ response } = event);
  }
  return response!;
}

/**
 * Translates the events of a reply to those of a stream. `describeError` translates an error during the
 * reply; without it, the error is thrown.
 */
export async function* writeResponsesEvents(
  events: AsyncIterable<ModelEvent>,
  info: ResponsesReplyInfo,
  describeError?: (error: unknown) => ResponseError,
): AsyncGenerator<ResponseStreamEvent> {
  let sequenceNumber = 0;
  const number = (event: EventBody): ResponseStreamEvent =>
    ({ ...event, sequence_number: sequenceNumber++ }) as ResponseStreamEvent;
  const includesEncrypted = info.body.include?.includes('reasoning.encrypted_content') ?? false;
  const items = createOutputItems({
    idSuffix: info.id.replace('resp_', ''),
    summarizes: Boolean(info.body.reasoning?.summary),
    includesEncrypted,
  });
  const response = {
    ...emptyResponse(info),
    created_at: info.now(),
    status: 'in_progress' as const,
  };
  try {
    for await (const event of events) {
      if (event.type === 'start') {
        yield number({ type: 'response.created', response });
        yield number({ type: 'response.in_progress', response });
        continue;
      }
      for (const body of items.add(event)) yield number(body);
      if (event.type !== 'end') continue;
      const { status, incomplete_details: details } = readStatus(event);
      const ended = {
        ...response,
        status,
        incomplete_details: details,
        output: items.finished(),
        usage: writeUsage(event.usage),
        completed_at: status === 'completed' ? info.now() : null,
      };
      yield number({ type: `response.${status}`, response: ended });
    }
  } catch (error) {
    if (!describeError) throw error;
    const described = describeError(error);
    const { code, message } = described;
    yield number({ type: 'error', code, message, param: null });
    const output = items.finished();
    const failed = { ...response, status: 'failed' as const, error: described, output };
    yield number({ type: 'response.failed', response: failed });
  }
}

function readStatus({ stopReason }: ReplyEnd): {
  status: 'completed' | 'incomplete';
  incomplete_details: ResponseObject.IncompleteDetails | null;
} {
  switch (stopReason) {
    case 'maxTokens':
    case 'contextWindowExceeded':
      return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    case 'guardrail':
    case 'contentFiltered':
      return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
    case 'endTurn':
    case 'toolUse':
    case 'stopSequence':
    case 'refusal':
    case 'pauseTurn':
      return { status: 'completed', incomplete_details: null };
  }
}

function emptyResponse({ id, body }: ResponsesReplyInfo): Omit<ResponsesReply, 'created_at'> {
  return {
    id,
    object: 'response',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: body.metadata ?? {},
    model: body.model,
    output: [],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    reasoning: {
      effort: body.reasoning?.effort ?? null,
      summary: body.reasoning?.summary ?? null,
    },
    service_tier: 'default',
    temperature: body.temperature ?? 1,
    text: (body.text ?? { format: { type: 'text' } }) as NonNullable<ResponsesReply['text']>,
    tool_choice: body.tool_choice ?? 'auto',
    tools: (body.tools ?? []) as ResponsesReply['tools'],
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    ...(body.user !== undefined && { user: body.user }),
  };
}

function writeUsage(usage: ModelUsage): ResponseUsage {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const allInput = inputTokens + cacheReadTokens + cacheWriteTokens;
  return {
    input_tokens: allInput,
    input_tokens_details: { cached_tokens: cacheReadTokens, cache_write_tokens: cacheWriteTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: allInput + outputTokens,
  };
}
