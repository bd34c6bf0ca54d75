import type {
  ContentBlock,
  ModelMessage,
  ModelRequest,
  ToolDefinition,
} from '../../../../../emulator/services/models/modelRequest.ts';

/** Creates a request. Texts are messages of the user and the assistant in turn. */
export function request(
  messages: readonly (string | ModelMessage)[],
  more: Partial<ModelRequest> = {},
): ModelRequest {
  return {
    model: 'test-model',
    system: [],
    messages: messages.map((message, index) =>
      typeof message === 'string'
        ? {
            role: index % 2 === 0 ? 'user' : 'assistant',
            content: [{ type: 'text', text: message }],
          }
        : message,
    ),
    tools: [],
    toolChoice: { type: 'auto' },
    stopSequences: [],
    ...more,
  };
}

export function tool(
  name: string,
  description = '',
  properties: Readonly<Record<string, object>> = {},
): ToolDefinition {
  const required = Object.keys(properties);
  return { name, description, inputSchema: { type: 'object', properties, required } };
}

/** A call of a tool by the assistant, and its result. */
export function exchange(
  name: string,
  input: unknown,
  text: string,
  isError = false,
): ModelMessage[] {
  const result: ContentBlock = {
    type: 'toolResult',
    id: `call-${name}`,
    content: [{ type: 'text', text }],
    isError,
  };
  return [
    { role: 'assistant', content: [{ type: 'toolUse', id: `call-${name}`, name, input }] },
    { role: 'user', content: [result] },
  ];
}
