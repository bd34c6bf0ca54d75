import { invalid } from './errors.ts';

/** The requested part of a list. */
export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** A part of a list, and the token of the next part. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/** AWS's maximum page size, which is also the default here. */
const MAX_PAGE = 100;

/**
 * Returns a page of a list that `read` returns in key order. The token contains the page's last key,
 * so that changes between two pages neither repeat nor hide other items.
 */
export function readPage<Item>(
  list: string,
  { maxResults = MAX_PAGE, nextToken }: PageRequest,
  read: (after: string | undefined, limit: number) => readonly Item[],
  toKey: (item: Item) => string,
): Page<Item> {
  const found = read(
    nextToken === undefined ? undefined : readToken(list, nextToken),
    maxResults + 1,
  );
  const items = found.slice(0, maxResults);
  const last = items.at(-1);
  const hasMore = last !== undefined && items.length < found.length;
  return { items, nextToken: hasMore ? createToken(list, toKey(last)) : undefined };
}

/** Returns a page of a list in memory. */
export function paginate<Item>(
  list: string,
  items: readonly Item[],
  toKey: (item: Item) => string,
  request: PageRequest,
): Page<Item> {
  const keyed = items.map((item) => ({ item, key: toKey(item) }));
  const { items: page, nextToken } = readPage(
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

function createToken(list: string, after: string): string {
  return Buffer.from(JSON.stringify({ list, after })).toString('base64url');
}

function readToken(list: string, token: string): string {
  try {
    const read = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    if (read['list'] === list && typeof read['after'] === 'string') return read['after'];
  } catch {
    // The token is rejected below.
  }
  throw invalid(
    `nextToken: '${token.slice(0, 100)}' is not a token of this request. Omit it to start with the first page`,
  );
}
