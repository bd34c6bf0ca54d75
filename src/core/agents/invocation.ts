import type { Answer } from '../invocation/answer.ts';
import type { SocketClose } from './socketConnection.ts';

/** Header that carries the session id. */
export const SESSION_HEADER = 'x-amzn-bedrock-agentcore-runtime-session-id';

/** Header that carries the user that the agent works for. */
export const USER_HEADER = 'x-amzn-bedrock-agentcore-runtime-user-id';

/** A request as it was sent. */
export interface SentRequest {
  /** All headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

/** Called with each request that is sent. */
export type OnSent = (request: SentRequest) => void;

/** Input of InvokeAgentRuntime for one target. */
export interface Invocation {
  readonly sessionId: string;
  /** JSON. */
  readonly payload: string;
  readonly userId?: string | undefined;
  /** Headers beyond those of the operation; an authorization header replaces the signature. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Called for the request, and again for each retry. */
  readonly onSent?: OnSent | undefined;
  /** Negotiated MCP session, after initialization. */
  readonly mcp?: McpSession | undefined;
}

/** An MCP session that client and server negotiated. */
export interface McpSession {
  readonly protocolVersion: string;
  readonly sessionId: string | undefined;
}

/** Response of InvokeAgentRuntime. */
export interface InvocationResponse extends Answer {
  readonly mcpSessionId: string | undefined;
  /** URL of the session's endpoint; undefined if the runtime has no allowed ports. */
  readonly sessionEndpointUrl: string | undefined;
}

/** An open WebSocket to an agent. */
export interface AgentSocket {
  send(text: string): void;
  /** Delivers messages to the only listener, starting with those received before. */
  listen(listener: SocketListener): void;
  close(): void;
}

/** Receives the messages of a WebSocket and, once, its end. */
export interface SocketListener {
  onText(text: string): void;
  onBinary(bytes: number): void;
  onClosed(close: SocketClose): void;
}

/** AgentCore operations that call an agent, bound to one target. */
export interface TargetOperations {
  /** Sends a payload; rejects with the service's own error. */
  invoke(invocation: Invocation, signal: AbortSignal): Promise<InvocationResponse>;
  /** Opens a WebSocket to the session's agent; rejects with the service's own error. */
  openSocket(
    options: { readonly sessionId: string; readonly userId?: string | undefined },
    signal: AbortSignal,
  ): Promise<AgentSocket>;
  /** Reads the card of an A2A agent, which starts the session. */
  agentCard(sessionId: string, signal: AbortSignal): Promise<unknown>;
}

/** AWS SDK client of one target. */
export interface TargetClient extends TargetOperations {
  /** Terminates a session; rejects with the service's own error. */
  stopSession(sessionId: string): Promise<void>;
  destroy(): void;
}
