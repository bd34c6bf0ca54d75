import { buildBlocks } from './blocks.ts';
import { completeEnd } from './completion.ts';
import { buildInlines } from './inlines.ts';
import { parseBlocks, parseInline, type References } from './parser.ts';
import { lineStart, settledLines } from './settled.ts';
import { shareStructure } from './shareStructure.ts';
import type { Block, Inline } from './tree.ts';
import { findUndecided } from './undecided.ts';

/** A text of markdown that grows. */
export interface MarkdownDocument {
  /**
   * The blocks of what has come, which is what had come before and more; what did not change is the
   * same object as before. Of a text that has ended they are those of the text parsed as a whole.
   */
  read(text: string, state: TextState): readonly Block[];
  /** Whether the last reading left some of the text for a later one. */
  isBehind(): boolean;
}

/** What is known of a text beside what has come of it. */
export interface TextState {
  readonly ended: boolean;
  /** It has not grown for a while, so that none of it should wait any longer. */
  readonly stands: boolean;
}

/** Blocks that nothing which follows makes other blocks. */
interface Section {
  readonly source: string;
  /** Where its blocks begin among all. */
  readonly from: number;
  /** The labels of what may be links, if their definitions come yet. */
  readonly missing: ReadonlySet<string>;
}

/** Once what is not settled is longer, it is parsed when it has grown by a part of what is above. */
const LONG = 8_192;
const PART = 32;

/**
 * Begins a text. What is settled is parsed for good, and only what stands behind it is parsed with
 * each piece that comes, so the whole takes time in proportion to its length. Definitions that come
 * after the links that need them make links of those at the end.
 */
export function createDocument(): MarkdownDocument {
  const known = new Map<string, References[string]>();
  const sections: Section[] = [];
  const settled: Block[] = [];
  let tail: readonly Block[] = [];
  let settledLength = 0;
  let readLength = 0;
  let behind = false;
  /** What the lines of the tail were parsed to. */
  let lines = new Map<string, readonly Inline[]>();

  function settle(source: string): void {
    const { references } = parseBlocks(source);
    for (const label of Object.keys(references)) {
      if (!known.has(label)) known.set(label, references[label]!);
    }
    const { blocks, missing } = parse(source);
    sections.push({ source, from: settled.length, missing });
    // One by one, as a call does not take as many arguments as an answer may have blocks.
    for (const block of shareStructure(tail.slice(0, blocks.length), blocks)) settled.push(block);
    tail = tail.slice(blocks.length);
    lines = new Map();
  }

  /** The blocks of a source, and the labels that it uses and nobody has defined yet. */
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
    let source = normalised(rest);
    source = source.slice(0, findUndecided(source));
    let { tokens } = parseBlocks(source);
    const done = settledLines(source, tokens);
    if (done > 0) {
      const from = lineStart(source, done);
      settle(source.slice(0, from));
      settledLength += lineStart(rest, done);
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
    settle(normalised(text.slice(settledLength)));
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
    read(text, { ended, stands }) {
      const unsettled = readLength - settledLength;
      behind = !ended && !stands && text.length - readLength < (unsettled - LONG) / PART;
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

function normalised(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');
}
