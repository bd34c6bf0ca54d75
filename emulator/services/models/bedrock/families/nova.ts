import type { Schema } from '../../../../../src/shared/awsModel/schema.ts';
import { constraintViolation, type Fault } from '../../../../wire/errors.ts';
import { writeJson } from '../../../../wire/json.ts';
import { operationNamed } from '../../../../wire/operations.ts';
import { createShapeReader } from '../../../../wire/shape.ts';
import type { ModelReply } from '../../modelEvent.ts';
import { writeConverse } from '../converseReply.ts';
import { readConverse, type ConverseInput } from '../converseRequest.ts';
import { writeConverseStream } from '../converseStream.ts';
import { readObject, type ModelBody } from './modelBody.ts';
import type { TextFamily } from './modelFamily.ts';

/** Amazon Nova: its bodies have the shapes of Converse, except for a few names. */
export const nova: TextFamily = {
  kind: 'text',
  readRequest: (body, model) => readConverse(readInput(body, model)),
  writeReply(reply, { model }) {
    const { metrics: _, ...document } = toDocument(
      operationNamed('Converse').output,
      writeConverse(reply, { modelId: model }, 0),
    );
    return { ...document, usage: nameUsage(reply.end) };
  },
  async *writeEvents(events, { model }) {
    const union = operationNamed('ConverseStream').output.payload!.schema;
    let end: ModelReply['end'] | undefined;
    async function* observe() {
      for await (const event of events) {
        if (event.type === 'end') end = event;
        yield event;
      }
    }
    for await (const event of writeConverseStream(observe(), { modelId: model }, 0)) {
      if (event.metadata) yield { metadata: { usage: nameUsage(end!), metrics: {}, trace: {} } };
      else yield toDocument(union, event);
    }
  },
};

function readInput(body: ModelBody, model: string): ConverseInput {
  const {
    max_new_tokens: maxTokens,
    top_p: topP,
    ...inferenceConfig
  } = readObject(body, 'inferenceConfig');
  const { topK, ...config } = inferenceConfig;
  const reasoning = body['reasoningConfig'];
  const members: ModelBody = {
    ...body,
    inferenceConfig: {
      ...config,
      ...(maxTokens !== undefined && { maxTokens }),
      ...(topP !== undefined && { topP }),
    },
    additionalModelRequestFields: {
      ...(topK !== undefined && { topK }),
      ...(reasoning !== undefined && { reasoningConfig: reasoning }),
    },
  };
  const faults: Fault[] = [];
  const input = createShapeReader(faults).readMembers(
    operationNamed('Converse').input,
    ({ name, location }) => (location === 'label' ? model : members[name]),
    '',
  );
  if (faults.length > 0) throw constraintViolation(faults, 'models');
  return input as unknown as ConverseInput;
}

function toDocument(schema: Schema, value: object): Readonly<Record<string, unknown>> {
  return JSON.parse(writeJson(schema, value).toString()) as Readonly<Record<string, unknown>>;
}

function nameUsage({ usage }: ModelReply['end']): object {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens,
    cacheReadInputTokenCount: cacheReadTokens,
    cacheWriteInputTokenCount: cacheWriteTokens,
  };
}
