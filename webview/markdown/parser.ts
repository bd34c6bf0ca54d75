import MarkdownIt, { type Env, type Token } from 'markdown-it';

// HTML is text. Lines stay as they were written, as in the chats that people write: an agent that
// answers with plain lines means them.
const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, maxNesting: 30 });
// A line below makes no heading of the one above: that has been shown as a line by then, and would jump.
// Who writes `---` below words means a rule.
parser.disable('lheading');
// Without a scheme it may as well be a file's name: main.py, notes.md.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
// Where a link may lead is decided in one place (links.ts).
parser.validateLink = () => true;

/** Definitions such as `[label]: address`, by what the parser makes of their labels. */
export type References = NonNullable<Env['references']>;

/** A text's blocks, whose lines are not parsed, and the definitions among them. */
export interface ParsedBlocks {
  readonly tokens: readonly Token[];
  readonly references: References;
}

/** Parses blocks; the newlines of the source are `\n`. */
export function parseBlocks(source: string): ParsedBlocks {
  const tokens: Token[] = [];
  const references = Object.create(null) as References;
  parser.block.parse(source, parser, { references }, tokens);
  return { tokens, references };
}

/** Parses what is within a block; `lookUp` is asked for each label that may have been defined. */
export function parseInline(
  content: string,
  lookUp: (label: string) => References[string] | undefined,
): readonly Token[] {
  const references = new Proxy({}, { get: (_, label) => lookUp(String(label)) }) as References;
  return parser.parseInline(content, { references })[0]?.children ?? [];
}
