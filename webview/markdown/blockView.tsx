import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { CodeBlock } from '../code/codeBlock.tsx';
import { InlineViews } from './inlineView.tsx';
import type { Block, ListItem, TableRow } from './tree.ts';

// The page's own heading comes before those of an answer.
const HEADINGS = ['h2', 'h3', 'h4', 'h5', 'h6', 'h6'] as const;

/** A block of an answer; it is built again only when it has become another. */
export function BlockView({ block }: { readonly block: Block }): JSX.Element {
  return useMemo(() => elementOf(block, 'auto'), [block]);
}

/** A block within a block has the direction of that, which has the one of what it says. */
function NestedView({ block }: { readonly block: Block }): JSX.Element {
  return useMemo(() => elementOf(block, undefined), [block]);
}

function elementOf(block: Block, dir: 'auto' | undefined): JSX.Element {
  switch (block.type) {
    case 'paragraph': {
      const content = <InlineViews pieces={block.content} />;
      return block.tight ? content : <p dir={dir}>{content}</p>;
    }
    case 'heading': {
      const Heading = HEADINGS[block.level - 1]!;
      return (
        <Heading class={`level-${block.level}`} dir={dir}>
          <InlineViews pieces={block.content} />
        </Heading>
      );
    }
    case 'quote':
      return <blockquote dir={dir}>{viewsOf(block.children)}</blockquote>;
    case 'list': {
      const List = block.start === null ? 'ul' : 'ol';
      return (
        <List dir={dir} start={block.start ?? undefined}>
          {block.items.map(itemOf)}
        </List>
      );
    }
    case 'code':
      return <CodeBlock language={block.language} text={block.text} />;
    case 'table':
      return tableOf(block.header, block.rows, dir);
    case 'rule':
      return <hr />;
  }
}

function viewsOf(blocks: readonly Block[]): JSX.Element[] {
  return blocks.map((block, index) => <NestedView key={index} block={block} />);
}

function itemOf({ task, children }: ListItem, index: number): JSX.Element {
  return (
    <li key={index} class={task === null ? undefined : 'task'}>
      {task !== null && <input type="checkbox" checked={task} disabled aria-label="Done" />}
      {viewsOf(children)}
    </li>
  );
}

/** A wide one is scrolled, also by the keyboard, and the rest of the answer stays where it is. */
function tableOf(
  header: TableRow,
  rows: readonly TableRow[],
  dir: 'auto' | undefined,
): JSX.Element {
  return (
    <div class="wide-table" role="region" aria-label="Table" tabIndex={0} dir={dir}>
      <table>
        <thead>
          <tr>{cellsOf('th', header)}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{cellsOf('td', row)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellsOf(Cell: 'th' | 'td', row: TableRow): JSX.Element[] {
  return row.map(({ align, content }, index) => (
    <Cell key={index} class={align === null ? undefined : `align-${align}`}>
      <InlineViews pieces={content} />
    </Cell>
  ));
}
