import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import type { ResourceLookup } from './resourceLookup.ts';
import type { ArnScope } from './names.ts';
import type { Removal } from './removal.ts';
import type { Replies } from '../../../wire/replies.ts';
import type { Rollout } from './rollout.ts';

/** Dependencies of the control plane's operations. */
export interface OperationDependencies {
  readonly store: RuntimeStore;
  readonly find: ResourceLookup;
  readonly replies: Replies;
  readonly rollout: Rollout;
  readonly removal: Removal;
  /** True if neither the container engine nor the registry has an image; false if that is unknown. */
  readonly isImageMissing: (reference: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly scope: ArnScope;
  readonly logger: Logger;
}
