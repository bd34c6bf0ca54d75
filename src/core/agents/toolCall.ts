import * as z from 'zod';

/** The use of a tool that a person asks for. */
export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const toolInput = z.record(z.string(), z.unknown());

/** Reads a tool's name and its arguments in JSON, as the form writes them; throws with the mend. */
export function readToolCall(text: string): ToolCall {
  const [, name, written = ''] = /^\s*(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new Error('An agent of MCP is told the name of a tool.');
  let value: unknown;
  try {
    value = written.trim() === '' ? {} : JSON.parse(written);
  } catch (error) {
    throw new Error(
      `What follows ${name} is not JSON: ${(error as Error).message}. An agent of MCP is told a tool and its arguments, as in: add {"a": 1, "b": 2}`,
      { cause: error },
    );
  }
  const { data } = toolInput.safeParse(value);
  if (data) return { name, input: data };
  throw new Error(`The arguments of ${name} must be a JSON object, not ${written.trim()}.`);
}
