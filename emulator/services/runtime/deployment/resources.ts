import { notFound } from '../../../wire/errors.ts';
import type { FindTagged } from '../../../tags.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import type { ResourceLookup } from './resourceLookup.ts';
import { parseRuntimeArn } from './names.ts';
import { withEndpoint, type RuntimeEndpoint, type RuntimeRecord } from './records.ts';

/** The attributes of runtimes and endpoints for tags and policies. */
export type ResourceAttributes = Pick<RuntimeRecord & RuntimeEndpoint, 'tags' | 'policy'>;

/** A resource and a way to change it. */
export interface Resource {
  readonly attributes: ResourceAttributes;
  change(next: Partial<ResourceAttributes>): void;
}

/** Finds runtimes and endpoints by ARN; null for other ARNs. */
export function createResources(
  store: RuntimeStore,
  find: ResourceLookup,
): (arn: string) => Resource | null {
  return (arn) => {
    const named = parseRuntimeArn(arn);
    if (!named) return null;
    const runtime = find.runtime(named.id);
    if (runtime.arn !== named.arn) {
      throw notFound(`Resource '${arn}' does not exist. The ARN of ${named.id} is ${runtime.arn}`);
    }
    if (named.endpoint === undefined) {
      return { attributes: runtime, change: (next) => store.save({ ...runtime, ...next }) };
    }
    const endpoint = find.endpoint(runtime, named.endpoint);
    return {
      attributes: endpoint,
      change: (next) =>
        store.save(withEndpoint(runtime, endpoint.name, (it) => ({ ...it, ...next }))),
    };
  };
}

/** Creates the tag lookup of runtimes and endpoints. */
export function findTaggedResource(resources: ReturnType<typeof createResources>): FindTagged {
  return (arn) => {
    const resource = resources(arn);
    return (
      resource && { tags: resource.attributes.tags, save: (tags) => resource.change({ tags }) }
    );
  };
}
