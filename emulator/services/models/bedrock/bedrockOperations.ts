import type {
  ConverseStreamOutput,
  CountTokensCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import type { Call, Handlers } from '../../../wire/handlers.ts';
import { ModelError } from '../modelError.ts';
import { collectReply, type ModelEvent, type ModelReply } from '../modelEvent.ts';
import type { ModelRequest } from '../modelRequest.ts';
import { toStreamError, withWireErrors } from './bedrockError.ts';
import { writeConverse } from './converseReply.ts';
import { readConverse, type ConverseInput } from './converseRequest.ts';
import { writeConverseStream } from './converseStream.ts';
import { findFamily, requireFamily } from './families/findFamily.ts';
import { parseModelBody } from './families/modelBody.ts';
import { invokeModel, streamModel, type BedrockDependencies } from './invokeModel.ts';
import { checkPointers, selectFields } from './responseFields.ts';

/** Creates the handlers of Bedrock Runtime's operations. */
export function createBedrockOperations(dependencies: BedrockDependencies): Handlers {
  const { calls, clock } = dependencies;

  async function converse(input: ConverseInput, call: Call) {
    const startedAt = performance.now();
    checkPointers(input.additionalModelResponseFieldPaths ?? []);
    const reply = await collectReply(await calls.invoke(call, readConverse(input)));
    const fields = await selectModelFields(input, reply, clock.now());
    return {
      ...writeConverse(reply, input, performance.now() - startedAt),
      ...(fields && { additionalModelResponseFields: fields as Record<string, never> }),
    };
  }

  async function converseStream(input: ConverseInput, call: Call) {
    const startedAt = performance.now();
    checkPointers(input.additionalModelResponseFieldPaths ?? []);
    const events = await calls.invoke(call, readConverse(input));
    return { stream: streamConverse(events, input, { startedAt, time: clock.now() }) };
  }

  async function countTokens(input: CountTokensCommandInput, call: Call) {
    const inputTokens = await calls.countTokens(call, await readCounted(input));
    return { inputTokens };
  }

  return {
    Converse: {
      lacks: 'Prompt management, system tools, and messages of the role system',
      handle: (input, call) => withWireErrors(() => converse(input, call)),
    },
    ConverseStream: {
      lacks: 'Prompt management, system tools, and messages of the role system',
      handle: (input, call) => withWireErrors(() => converseStream(input, call)),
    },
    InvokeModel: {
      lacks:
        'models of other families than it names in its error, such as those that create images',
      handle: (input, call) => withWireErrors(() => invokeModel(dependencies, input, call)),
    },
    InvokeModelWithResponseStream: {
      lacks: 'models of other families than it names in its error',
      handle: (input, call) => withWireErrors(() => streamModel(dependencies, input, call)),
    },
    CountTokens: {
      handle: (input, call) => withWireErrors(() => countTokens(input, call)),
    },
  };
}

async function* streamConverse(
  events: AsyncIterable<ModelEvent>,
  input: ConverseInput,
  { startedAt, time }: { readonly startedAt: number; readonly time: number },
): AsyncGenerator<ConverseStreamOutput> {
  const wantsFields = (input.additionalModelResponseFieldPaths ?? []).length > 0;
  const collected: ModelEvent[] = [];
  async function* collect(): AsyncGenerator<ModelEvent> {
    for await (const event of events) {
      collected.push(event);
      yield event;
    }
  }
  try {
    yield* wantsFields
      ? writeConverseStream(collect(), input, startedAt, async () =>
          selectModelFields(input, await collectReply(iterate(collected)), time),
        )
      : writeConverseStream(events, input, startedAt);
  } catch (error) {
    throw toStreamError(error);
  }
}

async function* iterate<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

/** Selects the requested fields of the reply in the format of the model's family. */
async function selectModelFields(
  { modelId = '', additionalModelResponseFieldPaths: pointers = [] }: ConverseInput,
  reply: ModelReply,
  time: number,
): Promise<object | undefined> {
  if (pointers.length === 0) return undefined;
  const family = await findFamily(modelId, {});
  if (family?.kind !== 'text') return undefined;
  return selectFields(family.writeReply(reply, { model: modelId, time }), pointers);
}

async function readCounted({
  modelId = '',
  input,
}: CountTokensCommandInput): Promise<ModelRequest> {
  if (input?.converse) return readConverse({ ...input.converse, modelId });
  const body = parseModelBody(input?.invokeModel?.body);
  const family = await requireFamily(modelId, body);
  if (family.kind === 'text') return family.readRequest(body, modelId);
  throw new ModelError('invalid', "The provided model doesn't support counting tokens.");
}
