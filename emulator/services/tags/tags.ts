import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid, notFound, quotaExceeded } from '../../wire/errors.ts';

/** What a resource is labelled with. */
export type Tags = Readonly<Record<string, string>>;

/** A resource, as far as its labels go. */
export interface Tagged {
  readonly tags: Tags;
  save(tags: Tags): void | Promise<void>;
}

/** A service's resource of an ARN; null for an ARN that is of no kind that the service has. */
export type FindTagged = (arn: string) => Tagged | null | Promise<Tagged | null>;

/** AWS's quota for a resource. */
const MOST_TAGS = 50;

/** Refuses the keys that AWS keeps for itself. */
export function refuseReserved(tags: Tags): void {
  const reserved = Object.keys(tags).find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) throw invalid(`tags: '${reserved}' begins with aws:, which is AWS's`);
}

/** The operations on the tags of whatever the services have. */
export function createTagOperations(services: readonly FindTagged[]) {
  async function find(arn = ''): Promise<Tagged> {
    for (const findTagged of services) {
      const tagged = await findTagged(arn);
      if (tagged) return tagged;
    }
    throw notFound(
      `No resource '${arn}' here: of the resources that have tags, agent runtimes, their endpoints and memories are emulated`,
    );
  }

  return {
    TagResource: {
      async handle({ resourceArn, tags: more = {} }: TagResourceRequest) {
        const tagged = await find(resourceArn);
        refuseReserved(more);
        const tags = { ...tagged.tags, ...more };
        if (Object.keys(tags).length > MOST_TAGS) {
          throw quotaExceeded(`${resourceArn} would have more than ${MOST_TAGS} tags`);
        }
        await tagged.save(tags);
        return {};
      },
    },
    UntagResource: {
      async handle({ resourceArn, tagKeys = [] }: UntagResourceRequest) {
        const tagged = await find(resourceArn);
        const left = Object.entries(tagged.tags).filter(([key]) => !tagKeys.includes(key));
        await tagged.save(Object.fromEntries(left));
        return {};
      },
    },
    ListTagsForResource: {
      async handle({
        resourceArn,
      }: ListTagsForResourceRequest): Promise<ListTagsForResourceResponse> {
        return { tags: { ...(await find(resourceArn)).tags } };
      },
    },
  };
}
