/**
 * A request to a model, independent of its protocol. Every protocol is translated to
 * and from this form, so that an agent works with every backend, whichever protocol it uses.
 */
export interface ModelRequest {
  /** The model's ID as the client sent it. */
  readonly model: string;
  readonly system: readonly SystemBlock[];
  /** Users and the assistant in turn, as the client sent them. */
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
  /** False if a reply may call at most one tool. */
  readonly parallelToolUse?: boolean | undefined;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly stopSequences: readonly string[];
  /** The JSON schema that the text of the reply must satisfy; an empty schema accepts any JSON object. */
  readonly outputSchema?: JsonSchema | undefined;
  /** Tokens that the model may use for reasoning. Absent without extended thinking. */
  readonly reasoningTokens?: number | undefined;
  readonly guardrail?: { readonly id: string; readonly version: string } | undefined;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A part of a system prompt. */
export interface SystemBlock {
  readonly text: string;
  /** True if the prompt up to here is cached. */
  readonly cachePoint?: boolean | undefined;
}

export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ContentBlock[];
}

/** A part of a message. */
export type ContentBlock = (
  | { readonly type: 'text'; readonly text: string }
  | MediaBlock
  | ToolUseBlock
  | ToolResultBlock
  | ReasoningBlock
) & {
  /** True if the prompt up to here is cached. */
  readonly cachePoint?: boolean | undefined;
};

/** An image, document, video or recording. */
export interface MediaBlock {
  readonly type: 'media';
  readonly kind: 'image' | 'document' | 'video' | 'audio';
  /** The file's MIME type; null if the client did not send it. */
  readonly mimeType: string | null;
  readonly source:
    | { readonly type: 'bytes'; readonly bytes: Uint8Array }
    | { readonly type: 'url'; readonly url: string };
  readonly name?: string | undefined;
}

/** A call of a tool by the model. */
export interface ToolUseBlock {
  readonly type: 'toolUse';
  readonly id: string;
  readonly name: string;
  /** The arguments: any JSON value, an object for all common tools. */
  readonly input: unknown;
}

/** The result of a call, sent by the agent. */
export interface ToolResultBlock {
  readonly type: 'toolResult';
  readonly id: string;
  readonly content: readonly ({ readonly type: 'text'; readonly text: string } | MediaBlock)[];
  readonly isError: boolean;
}

/** The model's reasoning. Clients send it back unchanged. */
export type ReasoningBlock =
  | { readonly type: 'reasoning'; readonly text: string; readonly signature: string | null }
  | { readonly type: 'redactedReasoning'; readonly data: string };

/** A tool that the model may call. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly cachePoint?: boolean | undefined;
}

/** `any` requires a call of one of the tools, `tool` of the named one. */
export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'any' }
  | { readonly type: 'none' }
  | { readonly type: 'tool'; readonly name: string };
