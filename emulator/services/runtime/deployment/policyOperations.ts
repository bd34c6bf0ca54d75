import type {
  DeleteResourcePolicyRequest,
  GetResourcePolicyRequest,
  GetResourcePolicyResponse,
  PutResourcePolicyRequest,
  PutResourcePolicyResponse,
} from '@aws-sdk/client-bedrock-agentcore-control';
import type { Logger } from '../../../log.ts';
import { notFound } from '../../../wire/errors.ts';
import type { ArnScope } from './names.ts';
import { readResourcePolicy, unsupportedStatements } from './resourcePolicy.ts';
import type { createResources, Resource } from './resources.ts';

/** Creates the operations on resource policies. */
export function createPolicyOperations({
  resources,
  place,
  logger,
}: {
  readonly resources: ReturnType<typeof createResources>;
  readonly place: ArnScope;
  readonly logger: Logger;
}) {
  function find(arn = ''): Resource {
    const resource = resources(arn);
    if (resource) return resource;
    throw notFound(
      `No resource '${arn}' here: of the resources that have policies, agent runtimes and their endpoints are emulated`,
    );
  }

  return {
    PutResourcePolicy: {
      lacks: 'conditions and principals other than everybody, which are kept and deny nothing',
      async handle({
        resourceArn,
        policy = '',
      }: PutResourcePolicyRequest): Promise<PutResourcePolicyResponse> {
        const { change } = find(resourceArn);
        const read = readResourcePolicy(policy);
        for (const what of unsupportedStatements(read, place.account)) {
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
        policy: find(resourceArn).kept.policy ?? undefined,
      }),
    },
    DeleteResourcePolicy: {
      async handle({ resourceArn }: DeleteResourcePolicyRequest) {
        find(resourceArn).change({ policy: null });
        return {};
      },
    },
  };
}
