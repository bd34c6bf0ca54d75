import type {
  ContentBlock as ConverseBlock,
  Message,
  ToolConfiguration,
} from '@aws-sdk/client-bedrock-runtime';
import { ModelError } from '../modelError.ts';
import { checkDocuments } from './documentChecks.ts';

/** Checks the rules that AWS's service model does not contain. Throws AWS's errors. */
export function checkConversation(
  messages: readonly Message[],
  toolConfig: ToolConfiguration | undefined,
): void {
  checkRoles(messages);
  for (const [index, { content = [] }] of messages.entries()) {
    checkContent(content, index);
    checkToolResults(content, messages[index - 1]?.content ?? [], index);
  }
  const last = messages.at(-1);
  if (last?.role === 'assistant') checkToolResults([], last.content ?? [], messages.length);
  checkDocuments(messages);
  checkTools(messages, toolConfig);
}

function checkRoles(messages: readonly Message[]): void {
  const system = messages.findIndex(({ role }) => role === 'system');
  if (system >= 0) {
    throw new ModelError(
      'notEmulated',
      `messages.${system}.role: messages of the role 'system' are not emulated. Use the system field.`,
    );
  }
  if (messages[0]?.role !== 'user') {
    throw invalid(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  }
  if (messages.some(({ role }, index) => role === messages[index - 1]?.role)) {
    throw invalid(
      'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
    );
  }
}

function checkContent(content: readonly ConverseBlock[], index: number): void {
  if (content.length === 0) {
    throw invalid(
      `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
    );
  }
  for (const [at, { text, toolUse, toolResult }] of content.entries()) {
    const path = `messages.${index}.content.${at}`;
    if (text?.trim() === '') {
      throw invalid(
        `The text field in the ContentBlock object at ${path} is blank. Add text to the text field, and try again.`,
      );
    }
    if (toolUse) requireObject(toolUse.input, `${path}.toolUse.input`);
    if (!toolResult) continue;
    const { content: results = [], status } = toolResult;
    if (status === 'error' && results.length === 0) {
      throw invalid(
        `The content field at ${path}.toolResult cannot be empty when status value is error.`,
      );
    }
    for (const [item, { json }] of results.entries()) {
      if (json !== undefined) requireObject(json, `${path}.toolResult.content.${item}.json`);
    }
  }
}

/** Every tool use needs a result in the next message, which must not contain other results. */
function checkToolResults(
  content: readonly ConverseBlock[],
  previous: readonly ConverseBlock[],
  index: number,
): void {
  const uses = previous.flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
  const results = content.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []);
  const path = `messages.${index}.content`;
  if (results.length > uses.length && new Set(results).size > uses.length) {
    throw invalid(
      `The number of toolResult blocks at ${path} exceeds the number of toolUse blocks of previous turn.`,
    );
  }
  const duplicates = [...new Set(results.filter((id, at) => results.indexOf(id) !== at))];
  if (duplicates.length > 0) {
    throw invalid(
      `The toolResult blocks at ${path} contain duplicate Ids: ${duplicates.join(', ')}`,
    );
  }
  const missing = uses.filter((id) => !results.includes(id));
  if (missing.length > 0) {
    throw invalid(
      `Expected toolResult blocks at ${path} for the following Ids: ${missing.join(', ')}`,
    );
  }
}

function checkTools(messages: readonly Message[], toolConfig: ToolConfiguration | undefined): void {
  if (!toolConfig) {
    const blocks = messages.flatMap(({ content = [] }) => content);
    if (!blocks.some(({ toolUse, toolResult }) => toolUse ?? toolResult)) return;
    throw invalid(
      'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    );
  }
  const { tools = [], toolChoice } = toolConfig;
  for (const [index, { toolSpec }] of tools.entries()) {
    if (!toolSpec) continue;
    const path = `toolConfig.tools.${index}.toolSpec.inputSchema.json`;
    const schema = requireObject(toolSpec.inputSchema?.json, path);
    if (schema['type'] !== 'object') {
      throw invalid(`The value at ${path}.type must be one of the following: object.`);
    }
  }
  const chosen = toolChoice?.tool?.name;
  if (chosen !== undefined && !tools.some(({ toolSpec }) => toolSpec?.name === chosen)) {
    throw invalid(
      `The model returned the following errors: Tool '${chosen}' not found in provided tools`,
    );
  }
}

function requireObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw invalid(
    `The format of the value at ${path} is invalid. Provide a json object for the field and try again.`,
  );
}

function invalid(message: string): ModelError {
  return new ModelError('invalid', message);
}
