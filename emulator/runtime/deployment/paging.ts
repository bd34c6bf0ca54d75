import { invalid } from '../../wire/errors.ts';

/** Which part of a list a caller asks for. */
export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** A part of a list, and by what the next one is asked for. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/** The most that AWS gives at once, which is also what it gives here by default. */
const LARGEST_PAGE = 100;

/**
 * A page of a list, in the order of its keys. A token holds the last key that was given, so what is
 * added or removed between two pages neither repeats nor hides anything else.
 */
export function pageOf<Item>(
  list: string,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { maxResults = LARGEST_PAGE, nextToken }: PageRequest,
): Page<Item> {
  const after = nextToken === undefined ? '' : readToken(list, nextToken);
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const rest = keyed.filter(({ key }) => key > after).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = rest.slice(0, maxResults);
  return {
    items: page.map(({ item }) => item),
    nextToken: page.length < rest.length ? makeToken(list, page.at(-1)?.key ?? '') : undefined,
  };
}

function makeToken(list: string, after: string): string {
  return Buffer.from(JSON.stringify({ list, after })).toString('base64url');
}

function readToken(list: string, token: string): string {
  try {
    const read = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    if (read['list'] === list && typeof read['after'] === 'string') return read['after'];
  } catch {
    // It is refused below, as any other that is not ours.
  }
  throw invalid(
    `nextToken: '${token.slice(0, 100)}' was not given by an answer to the same request; leave it out to begin with the first page`,
  );
}
