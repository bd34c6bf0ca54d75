// Markdown as plain data. The same text gives the same tree, however it was streamed.

/** A block, at the top level or nested. */
export type Block =
  /** `tight` is true in a list without empty lines between its items. */
  | { readonly type: 'paragraph'; readonly tight: boolean; readonly content: readonly Inline[] }
  | { readonly type: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly type: 'quote'; readonly children: readonly Block[] }
  /** `start` is null for a bulleted list. */
  | { readonly type: 'list'; readonly start: number | null; readonly items: readonly ListItem[] }
  | { readonly type: 'code'; readonly language: string; readonly text: string }
  | { readonly type: 'table'; readonly header: TableRow; readonly rows: readonly TableRow[] }
  | { readonly type: 'rule' };

/** List item. `task` is true or false for a checked or open task, null for other items. */
export interface ListItem {
  readonly task: boolean | null;
  readonly children: readonly Block[];
}

/** A row of a table. */
export type TableRow = readonly TableCell[];

/** A cell of a table. */
export interface TableCell {
  readonly align: 'left' | 'center' | 'right' | null;
  readonly content: readonly Inline[];
}

/** Inline content. */
export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'break' }
  | { readonly type: 'code'; readonly text: string }
  | {
      readonly type: 'emphasis' | 'strong' | 'struck';
      readonly children: readonly Inline[];
    }
  | { readonly type: 'link'; readonly target: LinkTarget; readonly children: readonly Inline[] }
  /** `source` is a data URI. */
  | { readonly type: 'image'; readonly source: string; readonly description: string };

/** Target of a link. */
export type LinkTarget =
  /** Opens in a browser. */
  | { readonly type: 'open'; readonly href: string }
  /** Cannot be opened. The URL is shown as text. */
  | { readonly type: 'closed'; readonly written: string }
  /** The URL is still streaming. */
  | { readonly type: 'pending' };
