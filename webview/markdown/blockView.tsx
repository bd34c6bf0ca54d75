import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { CodeBlock } from '../code/codeBlock.tsx';
import { InlineViews } from './inlineView.tsx';
import type { Block, ListItem, TableRow } from './tree.ts';

// Level 1 is the page's own heading.
const HEADINGS = ['h2', 'h3', 'h4', 'h5', 'h6', 'h6'] as const;

/** Renders a top-level block. Memoized by block identity. */
export function BlockView({ block }: { readonly block: Block }): JSX.Element {
  return useMemo(() => renderBlock(block, 'auto'), [block]);
}

/** Renders a nested block, which inherits its text direction. */
function NestedView({ block }: { readonly block: Block }): JSX.Element {
  return useMemo(() => renderBlock(block, undefined), [block]);
}

function renderBlock(block: Block, dir: 'auto' | undefined): JSX.Element {
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
      return <blockquote dir={dir}>{renderBlocks(block.children)}</blockquote>;
    case 'list': {
      const List = block.start === null ? 'ul' : 'ol';
      return (
        <List dir={dir} start={block.start ?? undefined}>
          {block.items.map(renderItem)}
        </List>
      );
    }
    case 'code':
      return <CodeBlock language={block.language} text={block.text} />;
    case 'table':
      return renderTable(block.header, block.rows, dir);
    case 'rule':
      return <hr />;
  }
}

function renderBlocks(blocks: readonly Block[]): JSX.Element[] {
  return blocks.map((block, index) => <NestedView key={index} block={block} />);
}

function renderItem({ task, children }: ListItem, index: number): JSX.Element {
  return (
    <li key={index} class={task === null ? undefined : 'task'}>
      {task !== null && <input type="checkbox" checked={task} disabled aria-label="Done" />}
      {renderBlocks(children)}
    </li>
  );
}

/** A wide table scrolls by itself. It is focusable for keyboard users. */
function renderTable(
  header: TableRow,
  rows: readonly TableRow[],
  dir: 'auto' | undefined,
): JSX.Element {
  return (
    <div class="wide-table" role="region" aria-label="Table" tabIndex={0} dir={dir}>
      <table>
        <thead>
          <tr>{renderCells('th', header)}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{renderCells('td', row)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function renderCells(Cell: 'th' | 'td', row: TableRow): JSX.Element[] {
  return row.map(({ align, content }, index) => (
    <Cell key={index} class={align === null ? undefined : `align-${align}`}>
      <InlineViews pieces={content} />
    </Cell>
  ));
}
