/** A piece of an answer that is shown by itself. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | ToolPart
  /** A guardrail came between, in its words. */
  | { readonly type: 'guardrail'; readonly text: string }
  | DataPart
  /** What the reader of the answer has to say about it, such as what it left out. */
  | { readonly type: 'notice'; readonly text: string };

/** JSON of which nobody knows what it means, or of which the words alone are shown before it. */
export interface DataPart {
  readonly type: 'data';
  readonly json: string;
  /** How many of its fields those words leave out. */
  readonly leftOut?: number;
}

/** The use of a tool. */
export interface ToolPart {
  readonly type: 'tool';
  /** Unlike those of the turn's other tool uses. */
  readonly id: string;
  readonly name: string;
  /** The arguments, which are JSON once they are complete. */
  readonly input: string;
  /** Null until it has come, and for ever where the agent does not tell it. */
  readonly result: ToolResult | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** What a tool gave back. */
export interface ToolResult {
  readonly text: string;
  readonly failed: boolean;
}

/** What an answer took, as far as the agent says. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costInDollars?: number;
}

/** A task of an agent's that goes on with an answer. */
export interface WaitingTask {
  readonly id: string;
  readonly contextId: string;
}

/** What an agent's answer consists of, as it comes. */
export type AnswerEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'tool'; readonly id: string; readonly name: string }
  /** More of the arguments of a tool that was named before. */
  | { readonly type: 'toolInput'; readonly id: string; readonly json: string }
  | { readonly type: 'toolResult'; readonly id: string; readonly result: ToolResult }
  | { readonly type: 'guardrail'; readonly text: string }
  | { readonly type: 'notice'; readonly text: string }
  | DataPart
  /** The agent asks back; or with null, it does not wait for the answer any more. */
  | { readonly type: 'waiting'; readonly task: WaitingTask | null }
  /** All that the answer took so far; it takes the place of what was said before. */
  | { readonly type: 'usage'; readonly usage: Usage };

/** So many fields that are not shown, in words. */
export function describeHiddenFields(count: number): string {
  return `+ ${count.toLocaleString('en')} more field${count === 1 ? '' : 's'}`;
}
