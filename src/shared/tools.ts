/** A tool that an agent of MCP lends to whoever calls it. */
export interface Tool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** A JSON schema, of which nothing is known. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}
