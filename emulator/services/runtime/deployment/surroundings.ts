import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { Catalogue } from './catalogue.ts';
import type { Find } from './find.ts';
import type { Place } from './names.ts';
import type { Removal } from './removal.ts';
import type { Replies } from '../../../wire/replies.ts';
import type { RollOut } from './rollOut.ts';

/** What the operations of the control plane are made in. */
export interface OperationSurroundings {
  readonly catalogue: Catalogue;
  readonly find: Find;
  readonly replies: Replies;
  readonly rollOut: RollOut;
  readonly removal: Removal;
  readonly clock: Clock;
  readonly place: Place;
  readonly logger: Logger;
}
