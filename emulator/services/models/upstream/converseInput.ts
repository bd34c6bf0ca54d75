import type {
  ContentBlock as ConverseBlock,
  ConverseStreamCommandInput,
  DocumentFormat,
  ImageFormat,
  SystemContentBlock,
  Tool,
  ToolConfiguration,
  ToolResultContentBlock,
  VideoFormat,
} from '@aws-sdk/client-bedrock-runtime';
import { ModelError } from '../modelError.ts';
import type {
  ContentBlock,
  JsonSchema,
  MediaBlock,
  ModelRequest,
  SystemBlock,
  ToolDefinition,
} from '../modelRequest.ts';

/** Translates a request to the input of Converse. */
export function toConverseInput(request: ModelRequest, model: string): ConverseStreamCommandInput {
  const { maxTokens, temperature, topP, topK, stopSequences, reasoningTokens } = request;
  const { guardrail, outputSchema } = request;
  const fields = {
    ...(topK !== undefined && { top_k: topK }),
    ...(reasoningTokens !== undefined && {
      thinking: { type: 'enabled', budget_tokens: reasoningTokens },
    }),
  };
  return {
    modelId: model,
    system: request.system.flatMap(writeSystem),
    messages: request.messages.map(({ role, content }) => ({
      role,
      content: content.flatMap((block) => withCachePoint(block, writeBlock(block))),
    })),
    inferenceConfig: {
      maxTokens,
      temperature,
      topP,
      ...(stopSequences.length > 0 && { stopSequences: [...stopSequences] }),
    },
    ...(Object.keys(fields).length > 0 && { additionalModelRequestFields: fields }),
    toolConfig: writeTools(request),
    ...(outputSchema && Object.keys(outputSchema).length > 0 && writeOutputSchema(outputSchema)),
    ...(guardrail && {
      guardrailConfig: {
        guardrailIdentifier: guardrail.id,
        guardrailVersion: guardrail.version,
      },
    }),
  };
}

function writeOutputSchema(schema: JsonSchema): Pick<ConverseStreamCommandInput, 'outputConfig'> {
  const jsonSchema = { name: 'reply', schema: JSON.stringify(schema) };
  return { outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } } };
}

function withCachePoint<Block>(
  { cachePoint }: { readonly cachePoint?: boolean | undefined },
  block: Block,
): (Block | { cachePoint: { type: 'default' } })[] {
  return cachePoint ? [block, { cachePoint: { type: 'default' } }] : [block];
}

function writeSystem(block: SystemBlock): SystemContentBlock[] {
  return withCachePoint(block, { text: block.text });
}

function writeBlock(block: ContentBlock): ConverseBlock {
  switch (block.type) {
    case 'text':
      return { text: block.text };
    case 'media':
      return writeMedia(block) as ConverseBlock;
    case 'toolUse': {
      const { id: toolUseId, name, input } = block;
      return { toolUse: { toolUseId, name, input: input as Record<string, never> } };
    }
    case 'toolResult':
      return {
        toolResult: {
          toolUseId: block.id,
          content: block.content.map((part) =>
            part.type === 'text' ? { text: part.text } : writeMedia(part),
          ),
          ...(block.isError && { status: 'error' }),
        },
      };
    case 'reasoning': {
      const { text, signature } = block;
      return {
        reasoningContent: { reasoningText: { text, ...(signature !== null && { signature }) } },
      };
    }
    case 'redactedReasoning':
      return { reasoningContent: { redactedContent: Buffer.from(block.data, 'base64') } };
  }
}

/** The formats of documents by their MIME types, if the subtype is not the format. */
const DOCUMENT_FORMATS: Readonly<Record<string, DocumentFormat>> = {
  'text/plain': 'txt',
  'text/markdown': 'md',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
};

function writeMedia({ kind, mimeType, source, name }: MediaBlock): ToolResultContentBlock {
  const format = DOCUMENT_FORMATS[mimeType ?? ''] ?? mimeType?.split('/').at(-1) ?? '';
  const isS3 = source.type === 'url' && source.url.startsWith('s3://');
  if (source.type === 'url' && !isS3) {
    throw new ModelError(
      'invalid',
      `Bedrock cannot read the ${kind} at ${source.url}. Send its bytes.`,
    );
  }
  const content =
    source.type === 'bytes' ? { bytes: source.bytes } : { s3Location: { uri: source.url } };
  switch (kind) {
    case 'image':
      return { image: { format: format as ImageFormat, source: content } };
    case 'video':
      return { video: { format: format as VideoFormat, source: content } };
    case 'document':
      return {
        document: { format: format as DocumentFormat, name: name ?? 'document', source: content },
      };
    case 'audio':
      throw new ModelError('invalid', 'This backend does not accept audio. Send a transcript.');
  }
}

function writeTools({ tools, toolChoice, messages }: ModelRequest): ToolConfiguration | undefined {
  if (tools.length === 0) return undefined;
  // Converse has no tool choice for none, so the tools are left out. After tool calls it requires them.
  const haveCalls = messages.some(({ content }) => content.some(({ type }) => type === 'toolUse'));
  if (toolChoice.type === 'none' && !haveCalls) return undefined;
  return {
    tools: tools.flatMap(writeTool),
    ...(toolChoice.type === 'any' && { toolChoice: { any: {} } }),
    ...(toolChoice.type === 'tool' && { toolChoice: { tool: { name: toolChoice.name } } }),
  };
}

function writeTool(tool: ToolDefinition): Tool[] {
  const { name, description, inputSchema } = tool;
  return withCachePoint(tool, {
    toolSpec: {
      name,
      ...(description !== '' && { description }),
      inputSchema: { json: inputSchema as Record<string, never> },
    },
  });
}
