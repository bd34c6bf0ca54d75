import { findTaggedIn } from '../../serviceFolds.ts';
import type { Service, ServiceContext } from '../../service.ts';
import { notFound, quotaExceeded } from '../../wire/errors.ts';
import { refuseReserved, type TaggedResource } from './tags.ts';

/** AWS's quota for a resource. */
const MOST_TAGS = 50;

/** The operations on the tags of every service's resources. */
export function createTagService({ services }: Pick<ServiceContext, 'services'>): Service {
  async function find(arn = ''): Promise<TaggedResource> {
    const resource = await findTaggedIn(services, arn);
    if (resource) return resource;
    throw notFound(
      `No resource '${arn}' here: of the resources that have tags, agent runtimes, their endpoints and memories are emulated`,
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
          if (Object.keys(tags).length > MOST_TAGS) {
            throw quotaExceeded(`${resourceArn} would have more than ${MOST_TAGS} tags`);
          }
          await resource.save(tags);
          return {};
        },
      },
      UntagResource: {
        async handle({ resourceArn, tagKeys = [] }) {
          const resource = await find(resourceArn);
          const left = Object.entries(resource.tags).filter(([key]) => !tagKeys.includes(key));
          await resource.save(Object.fromEntries(left));
          return {};
        },
      },
      ListTagsForResource: {
        handle: async ({ resourceArn }) => ({ tags: { ...(await find(resourceArn)).tags } }),
      },
    },
  };
}
