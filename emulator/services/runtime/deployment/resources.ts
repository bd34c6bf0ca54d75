import { notFound } from '../../../wire/errors.ts';
import type { FindTagged } from '../../tags/tags.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import type { ResourceLookup } from './resourceLookup.ts';
import { parseRuntimeArn } from './names.ts';
import { withEndpoint, type RuntimeEndpoint, type RuntimeRecord } from './records.ts';

/** The attributes of runtimes and endpoints for tags and policies. */
export type ResourceAttributes = Pick<RuntimeRecord & RuntimeEndpoint, 'tags' | 'policy'>;

/** A resource and a way to change it. */
export interface Resource {
  readonly kept: ResourceAttributes;
  change(next: Partial<ResourceAttributes>): void;
}

/** Finds runtimes and endpoints by ARN; null for other ARNs. */
export function createResources(
  catalogue: RuntimeStore,
  find: ResourceLookup,
): (arn: string) => Resource | null {
  return (arn) => {
    const named = parseRuntimeArn(arn);
    if (!named) return null;
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
  };
}

/** Creates the tag lookup of runtimes and endpoints. */
export function findTaggedResource(resources: ReturnType<typeof createResources>): FindTagged {
  return (arn) => {
    const resource = resources(arn);
    return resource && { tags: resource.kept.tags, save: (tags) => resource.change({ tags }) };
  };
}
