import { invalid } from './wire/errors.ts';

/** A resource's tags. */
export type Tags = Readonly<Record<string, string>>;

/** A resource that can be tagged. */
export interface TaggedResource {
  readonly tags: Tags;
  save(tags: Tags): void | Promise<void>;
}

/** Finds a resource of a service by ARN. Returns null when the service has no resources of that kind. */
export type FindTagged = (arn: string) => TaggedResource | null | Promise<TaggedResource | null>;

/** Throws when a tag key has the prefix that AWS reserves. */
export function refuseReserved(tags: Tags): void {
  const reserved = Object.keys(tags).find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined)
    throw invalid(`tags: '${reserved}' has the prefix aws:, which is reserved for AWS`);
}
