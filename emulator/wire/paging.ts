import { invalid } from './errors.ts';

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
 * A page of a list that `read` gives in the order of its keys, after one of them. A token holds the
 * last key that was given, so what is added or removed between two pages neither repeats nor hides
 * anything else.
 */
export function cutPage<Item>(
  list: string,
  { maxResults = LARGEST_PAGE, nextToken }: PageRequest,
  read: (after: string | undefined, limit: number) => readonly Item[],
  keyOf: (item: Item) => string,
): Page<Item> {
  const found = read(
    nextToken === undefined ? undefined : readToken(list, nextToken),
    maxResults + 1,
  );
  const items = found.slice(0, maxResults);
  const last = items.at(-1);
  const isCut = last !== undefined && items.length < found.length;
  return { items, nextToken: isCut ? makeToken(list, keyOf(last)) : undefined };
}

/** A page of a list that is at hand. */
export function pageOf<Item>(
  list: string,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
): Page<Item> {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const { items: page, nextToken } = cutPage(
    list,
    request,
    (after = '', limit) =>
      keyed
        .filter(({ key }) => key > after)
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, limit),
    ({ key }) => key,
  );
  return { items: page.map(({ item }) => item), nextToken };
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
