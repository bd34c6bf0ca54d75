import type {
  ConverseCommandInput,
  ConverseTokensRequest,
  GuardrailStreamConfiguration,
  OutputConfig,
  Tool,
  ToolChoice as ConverseToolChoice,
} from '@aws-sdk/client-bedrock-runtime';
import { ModelError } from '../modelError.ts';
import type { JsonSchema, ModelRequest, ToolChoice, ToolDefinition } from '../modelRequest.ts';
import { readContent, readSystem, readWithCachePoints } from './converseBlocks.ts';
import { checkConversation } from './converseChecks.ts';
import { readModelFields } from './modelFields.ts';

/** The input of Converse, ConverseStream and CountTokens. */
export type ConverseInput = Omit<ConverseCommandInput, 'guardrailConfig'> &
  ConverseTokensRequest & { readonly guardrailConfig?: GuardrailStreamConfiguration | undefined };

/** Translates the input of Converse, and throws AWS's error if it is invalid. */
export function readConverse(input: ConverseInput): ModelRequest {
  const { messages = [], inferenceConfig = {}, toolConfig, promptVariables } = input;
  const model = input.modelId!;
  if (/^arn:.*:prompt\//.test(model) || promptVariables) {
    throw new ModelError('notEmulated', 'Prompts of Prompt management are not emulated.');
  }
  checkConversation(messages, toolConfig);
  const request: ModelRequest = {
    model,
    system: readSystem(input.system ?? []),
    messages: messages.map(({ role, content = [] }, index) => ({
      role: role as 'user' | 'assistant',
      content: readContent(content, `messages.${index}.content`),
    })),
    tools: readWithCachePoints(toolConfig?.tools ?? [], (tool, index) => [readTool(tool, index)]),
    toolChoice: readToolChoice(toolConfig?.toolChoice),
    maxTokens: inferenceConfig.maxTokens,
    temperature: inferenceConfig.temperature,
    topP: inferenceConfig.topP,
    stopSequences: inferenceConfig.stopSequences ?? [],
    outputSchema: readOutputSchema(input.outputConfig),
    guardrail: readGuardrail(input.guardrailConfig),
  };
  const fields = readModelFields(
    input.additionalModelRequestFields,
    input.outputConfig?.effort,
    request,
  );
  return { ...request, ...fields };
}

function readTool({ toolSpec, ...other }: Tool, index: number): ToolDefinition {
  if (!toolSpec) {
    const kind = Object.keys(other).join(', ');
    throw new ModelError('notEmulated', `toolConfig.tools.${index}: ${kind} is not emulated.`);
  }
  const { name = '', description = '', inputSchema } = toolSpec;
  return { name, description, inputSchema: inputSchema!.json as JsonSchema };
}

function readToolChoice(choice: ConverseToolChoice | undefined): ToolChoice {
  if (choice?.tool) return { type: 'tool', name: choice.tool.name! };
  return { type: choice?.any ? 'any' : 'auto' };
}

function readOutputSchema(config: OutputConfig | undefined): JsonSchema | undefined {
  const text = config?.textFormat?.structure?.jsonSchema?.schema;
  if (text === undefined) return undefined;
  const path = 'outputConfig.textFormat.structure.jsonSchema.schema';
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    throw new ModelError('invalid', `${path} is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new ModelError('invalid', `${path} must be a JSON object.`);
  }
  return schema as JsonSchema;
}

function readGuardrail(config: GuardrailStreamConfiguration | undefined) {
  if (!config) return undefined;
  const { guardrailIdentifier: id, guardrailVersion: version } = config;
  if (!id || !version) {
    throw new ModelError(
      'invalid',
      `guardrailConfig.${id ? 'guardrailVersion' : 'guardrailIdentifier'} must be set: a guardrail needs its identifier and version.`,
    );
  }
  return { id, version };
}
