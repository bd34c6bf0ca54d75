import type { PageRequest } from '../../wire/paging.ts';

/** Page size of Memory's lists in AWS when a request does not set maxResults. */
const DEFAULT_PAGE_SIZE = 20;

/** Returns the page of a Memory list that a request selects. */
export function memoryPage({
  maxResults = DEFAULT_PAGE_SIZE,
  nextToken,
}: PageRequest): PageRequest {
  return { maxResults, nextToken };
}
