import { buildBlocks } from './blocks.ts';
import { completeEnd } from './completion.ts';
import { buildInlines } from './inlines.ts';
import { parseBlocks, parseInline, type References } from './parser.ts';
import { findLineStart, countSettledLines } from './settled.ts';
import { shareStructure } from './shareStructure.ts';
import type { Block, Inline } from './tree.ts';
import { findUndecided } from './undecided.ts';

/** Markdown text that grows while it streams. */
export interface MarkdownDocument {
  /**
   * Returns the blocks of the text, which must start with the previous text. Unchanged blocks are the
   * same objects as before. An ended text has exactly the blocks of a full parse.
   */
  read(text: string, state: TextState): readonly Block[];
  /** True if the last call of `read` skipped some of the text. */
  isBehind(): boolean;
}

/** State of a growing text. */
export interface TextState {
  readonly ended: boolean;
  /** True if the text has not grown for a while, so that nothing is held back. */
  readonly isStalled: boolean;
}

/** Settled blocks, which later text cannot change. */
interface Section {
  readonly source: string;
  /** Index of its first block. */
  readonly from: number;
  /** Labels of possible links whose definitions have not arrived. */
  readonly missing: ReadonlySet<string>;
}

/** Unsettled text beyond this length is parsed only after it has grown by a fraction of the excess. */
const UNSETTLED_LIMIT = 8_192;
const GROWTH_DIVISOR = 32;

/**
 * Creates an empty document. Settled text is parsed once and only the rest is parsed again as the text
 * grows, so the total time is linear. Links whose definitions arrive later are resolved at the end.
 */
export function createMarkdownDocument(): MarkdownDocument {
  const known = new Map<string, References[string]>();
  const sections: Section[] = [];
  const settled: Block[] = [];
  let tail: readonly Block[] = [];
  let settledLength = 0;
  let readLength = 0;
  let behind = false;
  /** Inline content of the tail by source line. */
  let lines = new Map<string, readonly Inline[]>();

  function settle(source: string): void {
    const { references } = parseBlocks(source);
    for (const label of Object.keys(references)) {
      if (!known.has(label)) known.set(label, references[label]!);
    }
    const { blocks, missing } = parse(source);
    sections.push({ source, from: settled.length, missing });
    // One at a time, because an answer may have more blocks than a call may have arguments.
    for (const block of shareStructure(tail.slice(0, blocks.length), blocks)) settled.push(block);
    tail = tail.slice(blocks.length);
    lines = new Map();
  }

  /** Parses a source, and collects the labels that are not defined yet. */
  function parse(source: string): { blocks: readonly Block[]; missing: ReadonlySet<string> } {
    const missing = new Set<string>();
    const blocks = buildBlocks(parseBlocks(source).tokens, (content) =>
      buildInlines(
        parseInline(content, (label) => {
          const definition = known.get(label);
          if (!definition) missing.add(label);
          return definition;
        }),
      ),
    );
    return { blocks, missing };
  }

  function grow(text: string): void {
    const rest = text.slice(settledLength);
    let source = normalize(rest);
    source = source.slice(0, findUndecided(source));
    let { tokens } = parseBlocks(source);
    const done = countSettledLines(source, tokens);
    if (done > 0) {
      const from = findLineStart(source, done);
      settle(source.slice(0, from));
      settledLength += findLineStart(rest, done);
      source = source.slice(from);
      ({ tokens } = parseBlocks(source));
    }
    completeEnd(source, tokens);

    const before = lines;
    lines = new Map();
    const blocks = buildBlocks(tokens, (content) => {
      const inlines =
        before.get(content) ?? buildInlines(parseInline(content, (label) => known.get(label)));
      lines.set(content, inlines);
      return inlines;
    });
    tail = shareStructure(tail, blocks);
  }

  function end(text: string): void {
    settle(normalize(text.slice(settledLength)));
    tail = [];
    for (const { source, from, missing } of sections) {
      if (![...missing].some((label) => known.has(label))) continue;
      const { blocks } = parse(source);
      const before = settled.slice(from, from + blocks.length);
      for (const [index, block] of shareStructure(before, blocks).entries())
        settled[from + index] = block;
    }
  }

  return {
    read(text, { ended, isStalled }) {
      const unsettled = readLength - settledLength;
      behind =
        !ended &&
        !isStalled &&
        text.length - readLength < (unsettled - UNSETTLED_LIMIT) / GROWTH_DIVISOR;
      if (!behind) {
        if (ended) end(text);
        else grow(text);
        readLength = text.length;
      }
      return [...settled, ...tail];
    },
    isBehind: () => behind,
  };
}

function normalize(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');
}
