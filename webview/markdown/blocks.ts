import type { Token } from 'markdown-it';
import type { Block, TableCell, Inline, ListItem, TableRow } from './tree.ts';

/** Parses the inline content of a block. */
type ReadInline = (content: string) => readonly Inline[];

const TASK = /^\[([ xX])\](?:\s+|$)/;

/** Builds blocks from the tokens of a text. */
export function buildBlocks(tokens: readonly Token[], readInline: ReadInline): Block[] {
  let at = 0;
  const next = () => tokens[at++]!;
  /** True until the next token closes the current block. */
  const hasMore = () => at < tokens.length && tokens[at]!.nesting >= 0;
  /** Reads all tokens up to and including the closing one. */
  function readAll<T>(read: (token: Token) => T): T[] {
    const all: T[] = [];
    while (hasMore()) all.push(read(next()));
    at++;
    return all;
  }
  const inline = () => readAll(({ content }) => content).join('');
  const children = () => readAll(readBlock).filter((block) => block !== null);

  function readBlock(token: Token): Block | null {
    switch (token.type) {
      case 'paragraph_open':
        return { type: 'paragraph', tight: token.hidden, content: readInline(inline()) };
      case 'heading_open':
        return {
          type: 'heading',
          level: Number(token.tag.slice(1)),
          content: readInline(inline()),
        };
      case 'blockquote_open':
        return { type: 'quote', children: children() };
      case 'bullet_list_open':
        return { type: 'list', start: null, items: readAll(readItem) };
      case 'ordered_list_open':
        return {
          type: 'list',
          start: Number(token.attrGet('start') ?? 1),
          items: readAll(readItem),
        };
      case 'table_open':
        return createTable(readAll(readSection).flat());
      case 'fence':
        return createCode(parseLanguage(token.info), token.content);
      case 'code_block':
        return createCode('', token.content);
      case 'hr':
        return { type: 'rule' };
      default:
        // Link definitions are not rendered.
        return null;
    }
  }

  function readItem(): ListItem {
    const line = tokens[at]?.type === 'paragraph_open' ? tokens[at + 1] : undefined;
    const task = line && TASK.exec(line.content);
    if (!task) return { task: null, children: children() };
    line.content = line.content.slice(task[0].length);
    return { task: task[1] !== ' ', children: children() };
  }

  function readSection(): TableRow[] {
    return readAll(() => readAll(readCell));
  }

  function readCell(token: Token): TableCell {
    const align = /\w+$/.exec(String(token.attrGet('style') ?? ''))?.[0] ?? null;
    return { align: align as TableCell['align'], content: readInline(inline()) };
  }

  return children();
}

function createTable([header = [], ...rows]: readonly TableRow[]): Block {
  return { type: 'table', header, rows };
}

function createCode(language: string, content: string): Block {
  return { type: 'code', language, text: content.replace(/\n$/, '') };
}

/** Language of a fence: its first word. The rest is ignored. */
function parseLanguage(info: string): string {
  return /^[^\s{,:]+/.exec(info)?.[0].toLowerCase() ?? '';
}
