import * as z from 'zod';

/** A tool to call, and its arguments. */
export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const toolInput = z.record(z.string(), z.unknown());

/** Parses a tool's name and its JSON arguments, as the tool form writes them; throws with the fix. */
export function parseToolCall(text: string): ToolCall {
  const [, name, written = ''] = /^\s*(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new Error('Start the message to an MCP agent with a tool name.');
  let value: unknown;
  try {
    value = written.trim() === '' ? {} : JSON.parse(written);
  } catch (error) {
    throw new Error(
      `The arguments of ${name} are not JSON: ${(error as Error).message}. Write a tool and its arguments, such as: add {"a": 1, "b": 2}`,
      { cause: error },
    );
  }
  const { data } = toolInput.safeParse(value);
  if (data) return { name, input: data };
  throw new Error(`The arguments of ${name} must be a JSON object, not ${written.trim()}.`);
}
