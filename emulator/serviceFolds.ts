import type { AdminRoutes } from './admin/adminRoute.ts';
import type { RequestLine, Route } from './http/route.ts';
import type { ActionKeys } from './policy/policyHints.ts';
import type { Service, StartingSession } from './service.ts';
import type { TaggedResource } from './tags.ts';
import type { TextModel } from './textModel.ts';
import type { Handlers } from './wire/handlers.ts';
import { endpointVariables } from './wire/operations.ts';
import type { ActionName } from './wire/operationTypes.ts';
import type { ErrorFormat } from './wire/response.ts';
import type { RefusedRequest } from './wire/wire.ts';

// Combines the contributions of all services: one function for each member of the Service contract.

type Services = readonly Service[];

/** The handlers of all operations. */
export function collectHandlers(services: Services): Handlers {
  const claim = createClaims();
  for (const { name, operations = {} } of services) {
    for (const operation of Object.keys(operations)) claim(`a handler for ${operation}`, name);
  }
  return Object.assign({}, ...services.map(({ operations }) => operations)) as Handlers;
}

/** The routes of all services, in their order. */
export function collectRoutes(services: Services): Route[] {
  return services.flatMap(({ routes = [] }) => routes);
}

/** The admin routes of the emulator itself and of all services. */
export async function loadAdminRoutes(services: Services, own: AdminRoutes): Promise<AdminRoutes> {
  const ofServices = await Promise.all(
    services.map(async (service) => [service.name, await service.admin?.()] as const),
  );
  const claim = createClaims();
  claim('an admin call named openapi', EMULATOR);
  claim('the admin call GET /openapi.json', EMULATOR);
  for (const [owner, routes = {}] of [[EMULATOR, own] as const, ...ofServices]) {
    for (const [name, { method, path }] of Object.entries(routes)) {
      claim(`an admin call named ${name}`, owner);
      claim(`the admin call ${method.toUpperCase()} ${path.replace(/:\w+/g, ':label')}`, owner);
    }
  }
  return Object.assign({}, own, ...ofServices.map(([, routes]) => routes)) as AdminRoutes;
}

/** The owner of what no service contributes. */
const EMULATOR = 'the emulator';

/** Returns a function that throws if something has an owner already. */
function createClaims(): (claimed: string, owner: string) => void {
  const owners = new Map<string, string>();
  return (claimed, owner) => {
    const earlier = owners.get(claimed);
    if (earlier !== undefined) throw new Error(`Both ${earlier} and ${owner} have ${claimed}`);
    owners.set(claimed, owner);
  };
}

/** The operations that sessions may call through their URLs. */
export function collectSessionOperations(services: Services): ReadonlySet<ActionName> {
  return new Set(services.flatMap(({ sessionOperations = [] }) => sessionOperations));
}

/** The condition keys of all operations for which identity policies are enforced. */
export function collectConditionKeys(services: Services): ActionKeys {
  return Object.assign({}, ...services.map(({ conditionKeys }) => conditionKeys)) as ActionKeys;
}

/** Returns a session's environment: the emulator's endpoints, and each service's variables. */
export function buildEnvironment(
  services: Services,
  session: StartingSession,
  region: string,
): Record<string, string> {
  // Only service-specific endpoint variables, which every AWS SDK reads: a global endpoint would
  // redirect calls to S3 or STS, and the Python SDK accepts its own variable only for AWS's hosts.
  const environment: Record<string, string> = {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...endpointVariables(session.url),
  };
  for (const service of services) Object.assign(environment, service.environmentFor?.(session));
  return environment;
}

/** Finds a resource by its ARN in the first service that has it. */
export async function findTagged(services: Services, arn: string): Promise<TaggedResource | null> {
  for (const service of services) {
    const resource = await service.findTagged?.(arn);
    if (resource) return resource;
  }
  return null;
}

/** Opens a model in the first service that has models. */
export function openTextModel(services: Services, name: string): TextModel {
  for (const service of services) {
    const model = service.openTextModel?.(name);
    if (model) return model;
  }
  throw new Error(`No service can open the model ${name}`);
}

/** Applies every service's rewriting of requests, in their order. */
export function createRequestRewriter(services: Services): (line: RequestLine) => RequestLine {
  const rewriting = services.filter((service) => service.rewriteRequest);
  return (line) => rewriting.reduce((next, service) => service.rewriteRequest!(next), line);
}

/** Returns the first service's format of an error, if any has one. */
export function createErrorFormatter(
  services: Services,
): (refused: RefusedRequest) => ErrorFormat | undefined {
  return (refused) => {
    for (const service of services) {
      const format = service.errorFormat?.(refused);
      if (format) return format;
    }
    return undefined;
  };
}

/** Ends all clients of the emulator while requests are still served. */
export async function drain(services: Services): Promise<void> {
  await Promise.all(services.map(async (service) => service.drain?.()));
}

/** Releases the services' resources after the last request. */
export async function close(services: Services): Promise<void> {
  await Promise.all(services.map(async (service) => service.close?.()));
}
