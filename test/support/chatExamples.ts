import { conversationSights } from './conversationSights.ts';
import { panelSights } from './panelSights.ts';
import type { Sight } from './sight.ts';

/** All that can be seen of the chat is in one of these. */
export const sights: readonly Sight[] = [...conversationSights, ...panelSights];
