import { createHash } from 'node:crypto';
import { ModelError } from '../../modelError.ts';
import type { ModelUsage, ReplyBlock } from '../../modelEvent.ts';
import type { ModelRequest } from '../../modelRequest.ts';
import { toolUseId, type OfflineReply } from '../offlineReply.ts';
import { fillPlaceholders, matchTurn, type Placeholders, type ScriptedCall } from './matchTurn.ts';
import type { LoadedScript } from './scriptFile.ts';
import type { ScriptedTurn } from './scriptSchema.ts';

/** The turn that replies to a call, with the values for its placeholders. */
export interface MatchedTurn {
  readonly turn: ScriptedTurn;
  readonly placeholders: Placeholders;
}

/** Finds the first turn that matches a call and may be used, and counts its use. */
export function findTurn(script: LoadedScript, call: ScriptedCall): MatchedTurn | null {
  for (const turn of script.turns ?? []) {
    const placeholders = matchTurn(turn, call);
    if (placeholders && script.use(turn)) return { turn, placeholders };
  }
  return null;
}

/** Throws the error of a turn that has one. */
export function throwScriptedError({ turn: { error }, placeholders }: MatchedTurn): void {
  if (!error) return;
  const { kind, message = `The script of the offline model replies with ${kind}.` } = error;
  throw new ModelError(kind, fillPlaceholders(message, placeholders), error.retryAfter);
}

/** Returns the reply of a turn; null if the turn changes only the speed or plays a fault. */
export function scriptedReply(
  { turn, placeholders }: MatchedTurn,
  request: ModelRequest,
): OfflineReply | null {
  const { text, reasoning, toolCalls = [] } = turn;
  if (text === undefined && reasoning === undefined && toolCalls.length === 0) return null;
  const content: ReplyBlock[] = [];
  if (reasoning !== undefined) {
    const filled = fillPlaceholders(reasoning, placeholders);
    const signature = createHash('sha256').update(filled).digest('base64');
    content.push({ type: 'reasoning', text: filled, signature });
  }
  if (text !== undefined)
    content.push({ type: 'text', text: fillPlaceholders(text, placeholders) });
  for (const [index, { name, arguments: input = {} }] of toolCalls.entries()) {
    content.push({
      type: 'toolUse',
      id: toolUseId(request, name, index),
      name,
      input: fillPlaceholders(input, placeholders),
    });
  }
  const { stopReason = toolCalls.length > 0 ? 'toolUse' : 'endTurn' } = turn;
  return { content, stopReason };
}

/** Returns the token counts that a turn sets. */
export function scriptedUsage(
  { turn: { usage = {} } }: MatchedTurn,
  estimate: ModelUsage,
): ModelUsage {
  return {
    inputTokens: usage.inputTokens ?? estimate.inputTokens,
    outputTokens: usage.outputTokens ?? estimate.outputTokens,
    cacheReadTokens: usage.cacheReadTokens ?? estimate.cacheReadTokens,
    cacheWriteTokens: usage.cacheWriteTokens ?? estimate.cacheWriteTokens,
  };
}
