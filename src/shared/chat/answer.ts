/** A separately rendered piece of an answer. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | ToolPart
  /** The message of a guardrail that intervened. */
  | { readonly type: 'guardrail'; readonly text: string }
  | DataPart
  /** A remark of the answer reader, such as what it left out. */
  | { readonly type: 'notice'; readonly text: string };

/** JSON of unknown meaning, or the rest of JSON whose text is shown in the part before it. */
export interface DataPart {
  readonly type: 'data';
  readonly json: string;
  /** Number of fields that the text before it omits. */
  readonly leftOut?: number;
}

/** A tool use. */
export interface ToolPart {
  readonly type: 'tool';
  /** Unique within the turn. */
  readonly id: string;
  readonly name: string;
  /** The arguments; valid JSON once they are complete. */
  readonly input: string;
  /** Null until the result arrives. Some agents never report one. */
  readonly result: ToolResult | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** The result of a tool use. */
export interface ToolResult {
  readonly text: string;
  readonly failed: boolean;
}

/** Usage of an answer, as far as the agent reports it. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costInDollars?: number;
}

/** An agent's task that continues with the user's next message. */
export interface WaitingTask {
  readonly id: string;
  readonly contextId: string;
}

/** A piece of an agent's answer as it arrives. */
export type AnswerEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'tool'; readonly id: string; readonly name: string }
  /** More arguments of a tool use that was reported before. */
  | { readonly type: 'toolInput'; readonly id: string; readonly json: string }
  | { readonly type: 'toolResult'; readonly id: string; readonly result: ToolResult }
  | { readonly type: 'guardrail'; readonly text: string }
  | { readonly type: 'notice'; readonly text: string }
  | DataPart
  /** The agent is waiting for input; null when it no longer is. */
  | { readonly type: 'waiting'; readonly task: WaitingTask | null }
  /** Total usage so far; it replaces earlier values. */
  | { readonly type: 'usage'; readonly usage: Usage };

/** Describes a number of fields that are not shown. */
export function describeHiddenFields(count: number): string {
  return `+ ${count.toLocaleString('en')} more field${count === 1 ? '' : 's'}`;
}
