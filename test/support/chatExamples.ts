import { conversationExamples } from './conversationExamples.ts';
import { panelExamples } from './panelExamples.ts';
import type { ChatExample } from './chatExample.ts';

/** All that can be seen of the chat is in one of these. */
export const chatExamples: readonly ChatExample[] = [...conversationExamples, ...panelExamples];
