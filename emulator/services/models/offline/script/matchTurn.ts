import type { ConversationState } from '../conversation.ts';
import { MAX_TEXT } from '../words.ts';
import type { ScriptedTurn, TextCondition } from './scriptSchema.ts';

/** The call that a turn is matched with. */
export interface ScriptedCall {
  readonly agent: string | null;
  readonly model: string;
  readonly conversation: ConversationState;
}

/** Values for the placeholders of a turn, such as `{{prompt}}` or `{{1}}`. */
export type Placeholders = Readonly<Record<string, string>>;

/** Matches a call with a turn. Returns the values for its placeholders; null if it does not match. */
export function matchTurn(
  { when = {} }: ScriptedTurn,
  { agent, model, conversation }: ScriptedCall,
): Placeholders | null {
  const { prompt, system, earlierPrompts } = conversation;
  if (when.agent !== undefined && when.agent !== agent) return null;
  if (when.turn !== undefined && when.turn !== earlierPrompts.length + 1) return null;
  const modelMatch = matchText(when.model, model);
  const systemMatch = matchText(when.system, system);
  const promptMatch = matchText(when.prompt, prompt);
  const result = matchResult(when.toolResult, conversation);
  if (!modelMatch || !systemMatch || !promptMatch || !result) return null;
  return { ...modelMatch, ...systemMatch, ...result, ...promptMatch, prompt };
}

/** Without a condition on results, a turn replies to prompts only, so that it calls tools once. */
function matchResult(
  condition: NonNullable<ScriptedTurn['when']>['toolResult'],
  { calls, hasResults }: ConversationState,
): Placeholders | null {
  if (!condition) return hasResults ? null : {};
  if (!hasResults) return null;
  for (const { use, result } of calls.toReversed()) {
    if (!result || (condition.tool !== undefined && condition.tool !== use.name)) continue;
    const text = result.content
      .flatMap((part) => (part.type === 'text' ? [part.text] : []))
      .join('\n');
    const match = matchText(condition.text, text);
    if (match) return { ...match, toolResult: text };
  }
  return null;
}

function matchText(condition: TextCondition | undefined, text: string): Placeholders | null {
  if (condition === undefined) return {};
  if (typeof condition === 'string') {
    return text.toLowerCase().includes(condition.toLowerCase()) ? {} : null;
  }
  const match = new RegExp(condition.regex, 'iu').exec(text.slice(0, MAX_TEXT));
  if (!match) return null;
  const groups = {
    ...match.groups,
    ...Object.fromEntries(match.slice(1).map((group, index) => [index + 1, group])),
  };
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [name, (group as string | undefined) ?? '']),
  );
}

/** Replaces placeholders in all texts of a value. Unknown ones stay. */
export function fillPlaceholders<Value>(value: Value, values: Placeholders): Value {
  if (typeof value === 'string') {
    return value.replace(/\{\{\s*([\p{L}_\d]+)\s*\}\}/gu, (placeholder, name: string) =>
      Object.hasOwn(values, name) ? values[name]! : placeholder,
    ) as Value;
  }
  if (Array.isArray(value))
    return value.map((item) => fillPlaceholders(item as unknown, values)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, fillPlaceholders(field as unknown, values)]),
  ) as Value;
}
