import type { Token } from 'markdown-it';
import type { Block, TableCell, Inline, ListItem, TableRow } from './tree.ts';

/** Parses what is within a block. */
type ReadInline = (content: string) => readonly Inline[];

const TASK = /^\[([ xX])\](?:\s+|$)/;

/** The blocks of a text, of its tokens. */
export function buildBlocks(tokens: readonly Token[], readInline: ReadInline): Block[] {
  let at = 0;
  const next = () => tokens[at++]!;
  /** Whether there is more before the one that closes what is read. */
  const goesOn = () => at < tokens.length && tokens[at]!.nesting >= 0;
  /** What `read` gives of each, up to and with the token that closes them. */
  function within<T>(read: (token: Token) => T): T[] {
    const all: T[] = [];
    while (goesOn()) all.push(read(next()));
    at++;
    return all;
  }
  const inline = () => within(({ content }) => content).join('');
  const children = () => within(blockOf).filter((block) => block !== null);

  function blockOf(token: Token): Block | null {
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
        return { type: 'list', start: null, items: within(itemOf) };
      case 'ordered_list_open':
        return { type: 'list', start: Number(token.attrGet('start') ?? 1), items: within(itemOf) };
      case 'table_open':
        return tableOf(within(sectionOf).flat());
      case 'fence':
        return codeOf(languageIn(token.info), token.content);
      case 'code_block':
        return codeOf('', token.content);
      case 'hr':
        return { type: 'rule' };
      default:
        // A definition is nothing that is shown.
        return null;
    }
  }

  function itemOf(): ListItem {
    const line = tokens[at]?.type === 'paragraph_open' ? tokens[at + 1] : undefined;
    const task = line && TASK.exec(line.content);
    if (!task) return { task: null, children: children() };
    line.content = line.content.slice(task[0].length);
    return { task: task[1] !== ' ', children: children() };
  }

  function sectionOf(): TableRow[] {
    return within(() => within(cellOf));
  }

  function cellOf(token: Token): TableCell {
    const align = /\w+$/.exec(String(token.attrGet('style') ?? ''))?.[0] ?? null;
    return { align: align as TableCell['align'], content: readInline(inline()) };
  }

  return children();
}

function tableOf([header = [], ...rows]: readonly TableRow[]): Block {
  return { type: 'table', header, rows };
}

function codeOf(language: string, content: string): Block {
  return { type: 'code', language, text: content.replace(/\n$/, '') };
}

/** The first word after a fence; what else may stand there is for other programs. */
function languageIn(info: string): string {
  return /^[^\s{,:]+/.exec(info)?.[0].toLowerCase() ?? '';
}
