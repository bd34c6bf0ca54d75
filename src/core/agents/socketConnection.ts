import type { Frame } from '../invocation/framing/frame.ts';

/** A WebSocket to an agent that stays open between turns. */
export interface SocketConnection {
  /** Delivers frames to the listener, starting with those received before. */
  listen(listener: ConnectionListener): void;
  close(): void;
}

/** Receives the frames of a connection and its end. */
export interface ConnectionListener {
  onFrames(frames: readonly Frame[]): void;
  /** The other side closed the connection, or it broke. */
  onClosed(close: SocketClose): void;
}

/** Close code and reason of a WebSocket. */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}

/** True if the agent closed the WebSocket normally. */
export function isNormalClose({ code }: SocketClose): boolean {
  return code === 1000 || code === 1005;
}

const MEANINGS: Readonly<Record<number, string>> = {
  1000: 'the agent closed it',
  1001: 'the service closed it. AgentCore closes a WebSocket after 60 minutes, or when its session ends',
  1002: 'one side violated the WebSocket protocol',
  1003: 'the agent does not accept this type of message',
  1005: 'the agent closed it without a reason',
  1006: 'the connection broke: the agent’s process or session ended, or the network failed',
  1007: 'a message was not valid text',
  1008: 'a limit was exceeded: AgentCore accepts 250 frames per second',
  1009: 'a message was too large: AgentCore accepts frames of up to 64 KB',
  1011: 'the agent failed. See its log',
  1012: 'the agent is restarting',
  1013: 'the agent is overloaded',
};

/** Explains why a WebSocket was closed. */
export function describeClose({ code, reason }: SocketClose): string {
  const meaning =
    MEANINGS[code] ?? (code >= 4000 ? 'a code that the agent defines' : 'an unknown code');
  return `Closed with ${code}: ${meaning}.${reason === '' ? '' : ` Reason: ${reason}`}`;
}
