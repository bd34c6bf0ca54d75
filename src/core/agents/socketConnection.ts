import type { Frame } from '../invocation/framing/frame.ts';

/** A connection to an agent that stays open from turn to turn. */
export interface SocketConnection {
  /** All that the agent says goes there from now on, and first what it has said before. */
  listen(listener: ConnectionListener): void;
  close(): void;
}

/** What is heard on a line. */
export interface ConnectionListener {
  onFrames(frames: readonly Frame[]): void;
  /** The other end has closed it, or it broke. */
  onClosed(end: SocketClose): void;
}

/** How a web socket ended, in its protocol's terms. */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}

/** Whether who closed it has just done with it. */
export function isNormalClose({ code }: SocketClose): boolean {
  return code === 1000 || code === 1005;
}

const CODES: Readonly<Record<number, string>> = {
  1000: 'the agent closed it',
  1001: 'the service ended it: AgentCore keeps a web socket for 60 minutes, and no longer than its session',
  1002: 'one end broke the protocol of web sockets',
  1003: 'the agent does not take such a message',
  1005: 'the agent closed it, and said no reason',
  1006: 'it broke off without a word: the agent’s process or its session ended, or the network failed',
  1007: 'a message was not valid text',
  1008: 'a rule was broken: AgentCore lets 250 frames pass in a second',
  1009: 'a message was too big: AgentCore lets no frame pass of more than 64 KB',
  1011: 'the agent failed; its log says why',
  1012: 'the agent is being started anew',
  1013: 'the agent has too much to do',
};

/** Why a web socket is closed, in words. */
export function describeClose({ code, reason }: SocketClose): string {
  const meaning = CODES[code] ?? (code >= 4000 ? 'a code of the agent’s own' : 'an unusual code');
  return `It was closed with ${code}: ${meaning}.${reason === '' ? '' : ` It says: ${reason}`}`;
}
