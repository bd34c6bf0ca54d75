import type { ModelCallSummary } from '../session.ts';

/** The model calls of a turn, as the emulator measured them. */
export interface TurnModelCalls {
  /** The first calls, oldest first, at most MAX_LISTED_CALLS. */
  readonly listed: readonly ModelCallSummary[];
  readonly total: ModelCallTotal;
}

/** Totals of all calls of a turn. */
interface ModelCallTotal {
  readonly calls: number;
  /** All input tokens, including those of the prompt cache. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Estimated US dollars of the calls with a known price; null if there are none. */
  readonly cost: number | null;
}

export const MAX_LISTED_CALLS = 200;

const MAX_ERROR_CHARACTERS = 2000;
const MAX_TOOLS = 50;

const NO_CALLS: TurnModelCalls = {
  listed: [],
  total: { calls: 0, inputTokens: 0, outputTokens: 0, cost: null },
};

/** Adds a call that ended. */
export function addModelCall(
  { listed, total }: TurnModelCalls = NO_CALLS,
  call: ModelCallSummary,
): TurnModelCalls {
  return {
    listed: listed.length < MAX_LISTED_CALLS ? [...listed, shorten(call)] : listed,
    total: {
      calls: total.calls + 1,
      inputTokens: total.inputTokens + countInputTokens(call),
      outputTokens: total.outputTokens + call.outputTokens,
      cost: call.cost === null ? total.cost : (total.cost ?? 0) + call.cost,
    },
  };
}

/** All input tokens of a call. `inputTokens` excludes those of the prompt cache. */
function countInputTokens(call: ModelCallSummary): number {
  return call.inputTokens + call.cacheReadTokens + call.cacheWriteTokens;
}

/** Figures of all calls, such as `2 model calls`, `1,204 tokens in, 96 out` and `about $0.0041`. */
export function describeModelCalls({ listed, total }: TurnModelCalls): readonly string[] {
  const { calls, inputTokens, outputTokens, cost } = total;
  const [first] = listed;
  const failed = listed.filter(({ error }) => error !== null).length;
  return [
    calls === 1 ? '1 model call' : `${formatCount(calls)} model calls`,
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
    `${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out`,
    ...(first ? describeFirstToken(first) : []),
    ...(cost === null ? [] : [formatCost(cost)]),
  ];
}

/** Figures of one call, without its error. */
export function describeModelCall(call: ModelCallSummary): readonly string[] {
  const { outputTokens, cacheReadTokens, cacheWriteTokens, tools, stopReason, cost } = call;
  return [
    `${formatCount(countInputTokens(call))} tokens in, ${formatCount(outputTokens)} out`,
    ...(cacheReadTokens === 0 ? [] : [`${formatCount(cacheReadTokens)} read from cache`]),
    ...(cacheWriteTokens === 0 ? [] : [`${formatCount(cacheWriteTokens)} written to cache`]),
    ...describeFirstToken(call),
    ...(tools.length === 0 ? [] : [`called ${tools.join(', ')}`]),
    ...(stopReason === null ? [] : [`stop reason: ${toWords(stopReason)}`]),
    ...(cost === null ? [] : [formatCost(cost)]),
  ];
}

function describeFirstToken({ timeToFirstToken: time }: ModelCallSummary): string[] {
  if (time === null) return [];
  return [
    `first token ${time < 1000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`}`,
  ];
}

function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** Formats a cost. "about" shows that it is an estimate. */
function formatCost(dollars: number): string {
  return `about $${dollars.toPrecision(2)}`;
}

/** Splits a name such as `toolUse` into words. */
function toWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shorten(call: ModelCallSummary): ModelCallSummary {
  const { error, tools } = call;
  return {
    ...call,
    error: error === null ? null : error.slice(0, MAX_ERROR_CHARACTERS),
    tools: tools.slice(0, MAX_TOOLS),
  };
}
