import type { Caller } from './caller.ts';

/**
 * A model that a service calls for its own work, such as Memory for extraction. The models service
 * opens it, so that no service depends on another.
 */
export interface TextModel {
  /** The name under which users chose it, such as `ollama:llama3.2`. */
  readonly name: string;
  /** Resolves with the text of a reply. Rejects with the reason, after a timeout at the latest. */
  reply(prompt: TextPrompt, call: TextModelCall): Promise<string>;
  /** Resolves with one vector for each text, all of the same length. */
  embed(texts: readonly string[], call: TextModelCall): Promise<readonly (readonly number[])[]>;
}

/** A prompt that asks for a JSON document. */
export interface TextPrompt {
  readonly instructions: string;
  readonly text: string;
  /** The JSON schema of the reply. Servers may ignore it. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The model's ID if the name contains none. */
  readonly modelId: string | undefined;
}

/** The context of a call. */
export interface TextModelCall {
  /** The name of its span, such as `memory extraction`. */
  readonly operation: string;
  /** The session that the call is for; null for background work and other clients. */
  readonly caller: Caller | null;
  /** Cancels the call. */
  readonly signal: AbortSignal;
}
