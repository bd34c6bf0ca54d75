import { findTagged } from '../../serviceFolds.ts';
import type { Service, ServiceContext } from '../../service.ts';
import { notFound, quotaExceeded } from '../../wire/errors.ts';
import { refuseReserved, type TaggedResource } from '../../tags.ts';

/** AWS quota for tags of one resource. */
const MAX_TAGS = 50;

/** Creates the tag operations, which work on the resources of every service. */
export function createTagService({ services }: Pick<ServiceContext, 'services'>): Service {
  async function find(arn = ''): Promise<TaggedResource> {
    const resource = await findTagged(services, arn);
    if (resource) return resource;
    throw notFound(
      `Resource '${arn}' does not exist. The emulator supports tags of agent runtimes, their endpoints and memories.`,
    );
  }

  return {
    name: 'tags',
    operations: {
      TagResource: {
        async handle({ resourceArn, tags: added = {} }) {
          const resource = await find(resourceArn);
          refuseReserved(added);
          const tags = { ...resource.tags, ...added };
          if (Object.keys(tags).length > MAX_TAGS) {
            throw quotaExceeded(`${resourceArn} would have more than ${MAX_TAGS} tags`);
          }
          await resource.save(tags);
          return {};
        },
      },
      UntagResource: {
        async handle({ resourceArn, tagKeys = [] }) {
          const resource = await find(resourceArn);
          const remaining = Object.entries(resource.tags).filter(([key]) => !tagKeys.includes(key));
          await resource.save(Object.fromEntries(remaining));
          return {};
        },
      },
      ListTagsForResource: {
        handle: async ({ resourceArn }) => ({ tags: { ...(await find(resourceArn)).tags } }),
      },
    },
  };
}
