import MarkdownIt, { type Env, type Token } from 'markdown-it';

// HTML is shown as text. Line breaks are kept, because agents also answer in plain lines.
const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, maxNesting: 30 });
// Setext headings would turn a paragraph that is already shown into a heading. `---` is a rule instead.
parser.disable('lheading');
// Text without a scheme may be a file name, such as main.py or notes.md.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
// links.ts decides which links can be opened.
parser.validateLink = () => true;

/** Link definitions such as `[label]: url`, by normalized label. */
export type References = NonNullable<Env['references']>;

/** Block tokens with unparsed inline content, and the link definitions. */
export interface ParsedBlocks {
  readonly tokens: readonly Token[];
  readonly references: References;
}

/** Parses blocks. Newlines must be `\n`. */
export function parseBlocks(source: string): ParsedBlocks {
  const tokens: Token[] = [];
  const references = Object.create(null) as References;
  parser.block.parse(source, parser, { references }, tokens);
  return { tokens, references };
}

/** Parses inline content. `lookUp` resolves the labels of link definitions. */
export function parseInline(
  content: string,
  lookUp: (label: string) => References[string] | undefined,
): readonly Token[] {
  const references = new Proxy({}, { get: (_, label) => lookUp(String(label)) }) as References;
  return parser.parseInline(content, { references })[0]?.children ?? [];
}
