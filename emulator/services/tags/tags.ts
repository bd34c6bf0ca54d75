import { invalid } from '../../wire/errors.ts';

/** A resource's tags. */
export type Tags = Readonly<Record<string, string>>;

/** A resource that can be tagged. */
export interface TaggedResource {
  readonly tags: Tags;
  save(tags: Tags): void | Promise<void>;
}

/** Finds a service's resource by ARN; null for an ARN of a kind that the service does not have. */
export type FindTagged = (arn: string) => TaggedResource | null | Promise<TaggedResource | null>;

/** Throws where a tag's key is reserved for AWS. */
export function refuseReserved(tags: Tags): void {
  const reserved = Object.keys(tags).find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) throw invalid(`tags: '${reserved}' begins with aws:, which is AWS's`);
}
