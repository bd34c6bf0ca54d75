import type { Loadable } from './loadable.ts';

/** A tool of an MCP agent. */
export interface Tool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** JSON Schema of the arguments, as the server sent it. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** Tools of an MCP agent, as one of its sessions lists them. */
export interface ToolList {
  readonly agent: string;
  readonly sessionId: string;
  readonly tools: Loadable<readonly Tool[]>;
}
