import type { ToolDefinition } from '../modelRequest.ts';
import type { Mentions } from './mentions.ts';
import { isCommonWord, splitWords, stem, stemsOf } from './words.ts';

/** Verbs of tool names. They match together with another word of the name only. */
const VERBS = new Set(
  `add book buy cancel change close convert create delete download edit execute fetch handoff insert
   list load lookup modify open post query read remove reply retrieve save schedule search send store
   submit transfer update upload view web write`
    .split(/\s+/)
    .map(stem),
);

/** Weights of a word of the prompt, by the place of the tool's definition that has it. */
const NAME_WEIGHT = 1;
const VERB_WEIGHT = 0.4;
const PURPOSE_WEIGHT = 0.6;
const DETAIL_WEIGHT = 0.3;
/** Minimum score of a match, and of a tool that matches only if no other does. */
const MATCH = 0.6;
const WEAK_MATCH = 0.3;

/** Maximum characters of a description to read. Some are several pages long. */
const MAX_DESCRIPTION = 600;

interface ScoredTool {
  readonly tool: ToolDefinition;
  readonly score: number;
  readonly matched: readonly string[];
  readonly unmatchedVerb: boolean;
}

/** Returns the tools that match a prompt, in the order of their declaration. */
export function matchTools(tools: readonly ToolDefinition[], mentions: Mentions): ToolDefinition[] {
  const named = tools.filter(({ name }) => isNamed(name, mentions.text));
  if (named.length > 0) return named;
  const scored = scoreTools(tools, mentions);
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const needed = best >= MATCH ? MATCH : Math.max(best, WEAK_MATCH);
  const matches = scored.filter(({ score }) => score >= needed);
  return matches.filter((match) => !hasBetterVerb(match, matches)).map(({ tool }) => tool);
}

/** Returns the tool that matches a prompt best, or the first if none does. */
export function findBestTool(
  tools: readonly ToolDefinition[],
  mentions: Mentions,
): ToolDefinition | undefined {
  let best: ScoredTool | undefined;
  for (const scored of scoreTools(tools, mentions)) {
    if (!best || scored.score > best.score) best = scored;
  }
  return best?.tool;
}

/** A name with `_` or `-`, or in camel case, occurs in a prompt only on purpose. */
function isNamed(name: string, text: string): boolean {
  return splitWords(name).length > 1 && /[_-]|\p{Ll}\p{Lu}/u.test(name) && text.includes(name);
}

function scoreTools(tools: readonly ToolDefinition[], mentions: Mentions): ScoredTool[] {
  const described = tools.map(({ description }) => readDescription(description));
  const frequency = new Map<string, number>();
  for (const { all } of described) {
    for (const word of all) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  }
  return tools.map((tool, index) => {
    const { purpose, all } = described[index]!;
    const { nouns, verbs } = readName(tool.name);
    const matched: string[] = [];
    let score = 0;
    for (const word of mentions.stems) {
      const isNoun = nouns.has(word);
      if (isNoun || verbs.has(word)) {
        matched.push(word);
        score += isNoun || nouns.size === 0 ? NAME_WEIGHT : VERB_WEIGHT;
      } else if (all.has(word)) {
        // A word that many tools share distinguishes them less.
        const weight = purpose.has(word) ? PURPOSE_WEIGHT : DETAIL_WEIGHT;
        score += weight / frequency.get(word)!;
      }
    }
    const unmatchedVerb = [...verbs].some((verb) => !mentions.stems.has(verb));
    return { tool, score, matched, unmatchedVerb };
  });
}

/** True for `delete_ticket` beside `create_ticket` for a prompt that says `create` only. */
function hasBetterVerb(match: ScoredTool, matches: readonly ScoredTool[]): boolean {
  if (!match.unmatchedVerb || match.matched.length === 0) return false;
  return matches.some(
    ({ matched, unmatchedVerb }) =>
      !unmatchedVerb &&
      matched.length > match.matched.length &&
      match.matched.every((word) => matched.includes(word)),
  );
}

function readName(name: string): { nouns: Set<string>; verbs: Set<string> } {
  // MCP clients put the server's name before the tool's: `mcp__server__tool`.
  const words = splitWords(name.split('__').at(-1)!);
  const stems = words.filter((word) => !isCommonWord(word) && !/^\p{N}/u.test(word)).map(stem);
  const verbs = new Set(stems.filter((word) => VERBS.has(word)));
  return { nouns: new Set(stems.filter((word) => !verbs.has(word))), verbs };
}

function readDescription(description: string): { purpose: Set<string>; all: Set<string> } {
  const text = description.slice(0, MAX_DESCRIPTION);
  const [purpose = ''] = text.split(/[.\n]/);
  return { purpose: stemsOf(purpose), all: stemsOf(text) };
}
