// What a text of markdown says, as plain data: the same text gives the same tree, however it came.

/** A block of a text, or of a block. */
export type Block =
  /** A tight one is the line of a list whose items stand close together. */
  | { readonly type: 'paragraph'; readonly tight: boolean; readonly content: readonly Inline[] }
  | { readonly type: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly type: 'quote'; readonly children: readonly Block[] }
  /** One that is not numbered starts nowhere. */
  | { readonly type: 'list'; readonly start: number | null; readonly items: readonly ListItem[] }
  | { readonly type: 'code'; readonly language: string; readonly text: string }
  | { readonly type: 'table'; readonly header: TableRow; readonly rows: readonly TableRow[] }
  | { readonly type: 'rule' };

/** An item of a list; of a task it is known whether it is done. */
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

/** A piece of a line. */
export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'break' }
  | { readonly type: 'code'; readonly text: string }
  | {
      readonly type: 'emphasis' | 'strong' | 'struck';
      readonly children: readonly Inline[];
    }
  | { readonly type: 'link'; readonly target: LinkTarget; readonly children: readonly Inline[] }
  /** Its source is a `data:` address of an image. */
  | { readonly type: 'image'; readonly source: string; readonly description: string };

/** Where a link leads. */
export type LinkTarget =
  /** Out of here. */
  | { readonly type: 'open'; readonly href: string }
  /** Nowhere that one can go from here; what was written is shown. */
  | { readonly type: 'closed'; readonly written: string }
  /** It is still being written. */
  | { readonly type: 'pending' };
