import type {
  ContentBlock as ConverseBlock,
  ConverseCommandInput,
  SystemContentBlock,
  Tool,
  ToolChoice as ConverseToolChoice,
  ToolResultContentBlock,
} from '@aws-sdk/client-bedrock-runtime';
import { ModelError } from '../modelError.ts';
import type {
  ContentBlock,
  JsonSchema,
  MediaBlock,
  ModelRequest,
  SystemBlock,
  ToolChoice,
  ToolDefinition,
  ToolResultBlock,
} from '../modelRequest.ts';

/** Translates the input of Converse and ConverseStream. */
export function readConverse(input: ConverseCommandInput): ModelRequest {
  const { inferenceConfig = {}, toolConfig, guardrailConfig } = input;
  return {
    model: input.modelId!,
    system: readSystem(input.system ?? []),
    messages: (input.messages ?? []).map(({ role, content = [] }) => ({
      role: role as 'user' | 'assistant',
      content: markCachePoints(content, readBlock),
    })),
    tools: markCachePoints(toolConfig?.tools ?? [], readTool),
    toolChoice: readToolChoice(toolConfig?.toolChoice),
    maxTokens: inferenceConfig.maxTokens,
    temperature: inferenceConfig.temperature,
    topP: inferenceConfig.topP,
    stopSequences: inferenceConfig.stopSequences ?? [],
    guardrail: guardrailConfig && {
      id: guardrailConfig.guardrailIdentifier ?? '',
      version: guardrailConfig.guardrailVersion ?? '',
    },
  };
}

/** Converse has cache points as blocks of their own; here, the block before each carries it. */
function markCachePoints<Block extends { cachePoint?: unknown }, Result extends object>(
  blocks: readonly Block[],
  read: (block: Block) => Result,
): Result[] {
  const results: Result[] = [];
  for (const block of blocks) {
    const last = results.at(-1);
    if (!block.cachePoint) results.push(read(block));
    else if (last) Object.assign(last, { cachePoint: true });
  }
  return results;
}

function readSystem(blocks: readonly SystemContentBlock[]): SystemBlock[] {
  return markCachePoints(blocks, (block) => {
    if (block.text !== undefined) return { text: block.text };
    if (block.guardContent?.text?.text !== undefined) return { text: block.guardContent.text.text };
    throw unsupported('system', block);
  });
}

function readBlock(block: ConverseBlock): ContentBlock {
  if (block.text !== undefined) return { type: 'text', text: block.text };
  if (block.toolUse) {
    const { toolUseId = '', name = '', input } = block.toolUse;
    return { type: 'toolUse', id: toolUseId, name, input };
  }
  if (block.toolResult) {
    const { toolUseId = '', content = [], status } = block.toolResult;
    return {
      type: 'toolResult',
      id: toolUseId,
      content: content.map(readResultContent),
      isError: status === 'error',
    };
  }
  if (block.reasoningContent?.reasoningText) {
    const { text = '', signature = null } = block.reasoningContent.reasoningText;
    return { type: 'reasoning', text, signature };
  }
  if (block.reasoningContent?.redactedContent) {
    const data = Buffer.from(block.reasoningContent.redactedContent).toString('base64');
    return { type: 'redactedReasoning', data };
  }
  if (block.guardContent?.text?.text !== undefined) {
    return { type: 'text', text: block.guardContent.text.text };
  }
  return readMedia(block);
}

function readResultContent(block: ToolResultContentBlock): ToolResultBlock['content'][number] {
  if (block.text !== undefined) return { type: 'text', text: block.text };
  if (block.json !== undefined) return { type: 'text', text: JSON.stringify(block.json) };
  return readMedia(block);
}

function readMedia(block: ConverseBlock | ToolResultContentBlock): MediaBlock {
  for (const kind of ['image', 'document', 'video', 'audio'] as const) {
    const media = (block as { readonly [Kind in MediaBlock['kind']]?: unknown })[kind] as
      | {
          format?: string;
          name?: string;
          source?: { bytes?: Uint8Array; s3Location?: { uri?: string } };
        }
      | undefined;
    if (!media) continue;
    const { format, name, source = {} } = media;
    const mimeType = format ? `${kind === 'document' ? 'application' : kind}/${format}` : null;
    if (source.bytes) {
      return {
        type: 'media',
        kind,
        mimeType,
        name,
        source: { type: 'bytes', bytes: source.bytes },
      };
    }
    if (source.s3Location?.uri) {
      const { uri: url } = source.s3Location;
      return { type: 'media', kind, mimeType, name, source: { type: 'url', url } };
    }
  }
  throw unsupported('messages', block);
}

function readTool({ toolSpec, ...other }: Tool): ToolDefinition {
  if (!toolSpec) throw unsupported('toolConfig.tools', other);
  const { name = '', description = '', inputSchema } = toolSpec;
  return { name, description, inputSchema: (inputSchema?.json ?? {}) as JsonSchema };
}

function readToolChoice(choice: ConverseToolChoice | undefined): ToolChoice {
  if (choice?.tool) return { type: 'tool', name: choice.tool.name! };
  return { type: choice?.any ? 'any' : 'auto' };
}

function unsupported(field: string, block: object): ModelError {
  return new ModelError(
    'notEmulated',
    `${field}: a block of type '${Object.keys(block).join(', ')}'`,
  );
}
