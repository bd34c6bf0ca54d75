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
  scope,
  logger,
}: {
  readonly resources: ReturnType<typeof createResources>;
  readonly scope: ArnScope;
  readonly logger: Logger;
}) {
  function find(arn: string): Resource {
    const resource = resources(arn);
    if (resource) return resource;
    throw notFound(
      `Resource '${arn}' does not exist. The emulator supports policies of agent runtimes and their endpoints.`,
    );
  }

  return {
    PutResourcePolicy: {
      lacks: 'conditions and specific principals, which are stored but deny nothing',
      async handle({
        resourceArn = '',
        policy = '',
      }: PutResourcePolicyRequest): Promise<PutResourcePolicyResponse> {
        const { change } = find(resourceArn);
        const read = readResourcePolicy(policy, resourceArn);
        for (const warning of unsupportedStatements(read, scope.account)) {
          logger.warn(`Resource policy of ${resourceArn}: ${warning}`);
        }
        change({ policy });
        return { policy };
      },
    },
    GetResourcePolicy: {
      handle: async ({
        resourceArn = '',
      }: GetResourcePolicyRequest): Promise<GetResourcePolicyResponse> => ({
        policy: find(resourceArn).attributes.policy ?? undefined,
      }),
    },
    DeleteResourcePolicy: {
      async handle({ resourceArn = '' }: DeleteResourcePolicyRequest) {
        const { attributes, change } = find(resourceArn);
        if (attributes.policy === null) throw notFound(`${resourceArn} has no resource policy.`);
        change({ policy: null });
        return {};
      },
    },
  };
}
