import type { Answer } from '../invocation/answer.ts';
import type { SocketClose } from './socketConnection.ts';

/** By this the service tells sessions apart. */
export const SESSION_HEADER = 'x-amzn-bedrock-agentcore-runtime-session-id';

/** By this the service tells for whom an agent works. */
export const USER_HEADER = 'x-amzn-bedrock-agentcore-runtime-user-id';

/** What went to a target. */
export interface SentRequest {
  /** All of them, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

/** Is told what is sent. */
export type OnSent = (sent: SentRequest) => void;

/** What is sent to a target. */
export interface Invocation {
  readonly sessionId: string;
  /** JSON. */
  readonly payload: string;
  readonly userId?: string | undefined;
  /** Beside those that the service names; an authorization takes the place of a signature. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Told when it is sent, and again if it is once more. */
  readonly onSent?: OnSent | undefined;
  /** What callers of MCP name besides, once it is agreed. */
  readonly mcp?: McpSession | undefined;
}

/** What a client of MCP and a server have agreed. */
export interface McpSession {
  readonly protocolVersion: string;
  readonly sessionId: string | undefined;
}

/** An answer, and the MCP session that it names. */
export interface InvocationResponse extends Answer {
  readonly mcpSessionId: string | undefined;
}

/** A web socket that is open. */
export interface AgentSocket {
  send(text: string): void;
  /** Tells from now on what comes, and first what has come; there is one listener. */
  listen(listener: SocketListener): void;
  close(): void;
}

/** What comes of a web socket: messages, and once its end. */
export interface SocketListener {
  onText(text: string): void;
  onBinary(bytes: number): void;
  onClosed(end: SocketClose): void;
}

/** The operations by which an agent is talked to, of one target. */
export interface TargetOperations {
  /** Sends a payload; rejects with the service's own error. */
  invoke(invocation: Invocation, signal: AbortSignal): Promise<InvocationResponse>;
  /** Opens a web socket to the session's agent; rejects with the service's own error. */
  openSocket(
    place: { readonly sessionId: string; readonly userId?: string | undefined },
    signal: AbortSignal,
  ): Promise<AgentSocket>;
  /** What an agent of A2A says of itself; starts the session that it is asked in. */
  agentCard(sessionId: string, signal: AbortSignal): Promise<unknown>;
}
