import type { ToolChoice, ToolDefinition } from '../modelRequest.ts';
import { invalidField } from '../requestShape.ts';

/** The tools that a model may call, and those that it must. */
export interface ToolSelection {
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
}

/** A tool choice of OpenAI's protocols. */
export type OpenaiToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { readonly type: 'function'; readonly name: string }
  | {
      readonly type: 'allowed_tools';
      readonly mode: 'auto' | 'required';
      readonly names: readonly string[];
    };

/** Applies a tool choice to the declared tools. */
export function selectTools(
  tools: readonly ToolDefinition[],
  choice: OpenaiToolChoice = 'auto',
): ToolSelection {
  const require = (name: string) => {
    if (tools.some((tool) => tool.name === name)) return;
    throw invalidField(['tool_choice'], `the function "${name}" is not declared. Add it to tools.`);
  };
  if (typeof choice === 'object' && choice.type === 'function') {
    require(choice.name);
    return { tools, toolChoice: { type: 'tool', name: choice.name } };
  }
  if (typeof choice === 'object') {
    const { mode, names } = choice;
    for (const name of names) require(name);
    return selectTools(
      tools.filter(({ name }) => names.includes(name)),
      mode,
    );
  }
  if (choice === 'required' && tools.length === 0) {
    throw invalidField(['tool_choice'], '"required" needs tools, but the request has none');
  }
  return { tools, toolChoice: { type: choice === 'required' ? 'any' : choice } };
}
