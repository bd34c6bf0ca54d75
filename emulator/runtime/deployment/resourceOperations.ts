import type {
  DeleteResourcePolicyRequest,
  GetResourcePolicyRequest,
  GetResourcePolicyResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  PutResourcePolicyRequest,
  PutResourcePolicyResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { notFound, quotaExceeded } from '../../wire/errors.ts';
import { readArn } from './names.ts';
import { refusePolicy, unknowable } from './policy.ts';
import { withEndpoint, type Endpoint, type Runtime } from './records.ts';
import type { OperationSurroundings } from './surroundings.ts';
import { refuseReserved } from './tags.ts';

/** AWS's quota for a resource. */
const MOST_TAGS = 50;

/** What runtimes and endpoints have in common for tags and policies. */
type Kept = Pick<Runtime & Endpoint, 'tags' | 'policy'>;

/** The operations on the tags and the policies of runtimes and endpoints. */
export function createResourceOperations({
  catalogue,
  find,
  place,
  logger,
}: OperationSurroundings) {
  /** A resource as it is, and a way to change it. */
  function resource(arn = ''): { kept: Kept; change(next: Partial<Kept>): void } {
    const named = readArn(arn);
    if (!named) {
      throw notFound(
        `No resource '${arn}' here: of the resources that have tags and policies, agent runtimes and their endpoints are emulated`,
      );
    }
    const runtime = find.runtime(named.id);
    if (runtime.arn !== named.arn) {
      throw notFound(`No resource '${arn}' here; ${named.id} is ${runtime.arn}`);
    }
    if (named.endpoint === undefined) {
      return { kept: runtime, change: (next) => catalogue.save({ ...runtime, ...next }) };
    }
    const endpoint = find.endpoint(runtime, named.endpoint);
    return {
      kept: endpoint,
      change: (next) =>
        catalogue.save(withEndpoint(runtime, endpoint.name, (it) => ({ ...it, ...next }))),
    };
  }

  return {
    TagResource: {
      async handle({ resourceArn, tags: more = {} }: TagResourceRequest) {
        const { kept, change } = resource(resourceArn);
        refuseReserved(more);
        const tags = { ...kept.tags, ...more };
        if (Object.keys(tags).length > MOST_TAGS) {
          throw quotaExceeded(`${resourceArn} would have more than ${MOST_TAGS} tags`);
        }
        change({ tags });
        return {};
      },
    },
    UntagResource: {
      async handle({ resourceArn, tagKeys = [] }: UntagResourceRequest) {
        const { kept, change } = resource(resourceArn);
        const left = Object.entries(kept.tags).filter(([key]) => !tagKeys.includes(key));
        change({ tags: Object.fromEntries(left) });
        return {};
      },
    },
    ListTagsForResource: {
      handle: async ({
        resourceArn,
      }: ListTagsForResourceRequest): Promise<ListTagsForResourceResponse> => ({
        tags: { ...resource(resourceArn).kept.tags },
      }),
    },
    PutResourcePolicy: {
      lacks: 'conditions and principals other than everybody, which are kept and deny nothing',
      async handle({
        resourceArn,
        policy = '',
      }: PutResourcePolicyRequest): Promise<PutResourcePolicyResponse> {
        const { change } = resource(resourceArn);
        refusePolicy(policy);
        for (const what of unknowable(policy, place.account)) {
          logger.warn(`the resource policy of ${resourceArn}: ${what}`);
        }
        change({ policy });
        return { policy };
      },
    },
    GetResourcePolicy: {
      handle: async ({
        resourceArn,
      }: GetResourcePolicyRequest): Promise<GetResourcePolicyResponse> => ({
        policy: resource(resourceArn).kept.policy ?? undefined,
      }),
    },
    DeleteResourcePolicy: {
      async handle({ resourceArn }: DeleteResourcePolicyRequest) {
        resource(resourceArn).change({ policy: null });
        return {};
      },
    },
  };
}
