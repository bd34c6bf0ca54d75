import type { PageRequest } from '../../wire/paging.ts';

/** How many AWS gives at once of a list of Memory's where a caller does not say. */
const DEFAULT_PAGE = 20;

/** Which part of a list of Memory's is asked for. */
export function memoryPage({ maxResults = DEFAULT_PAGE, nextToken }: PageRequest): PageRequest {
  return { maxResults, nextToken };
}
