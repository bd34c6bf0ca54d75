import { conversationExamples } from './conversationExamples.ts';
import { panelExamples } from './panelExamples.ts';
import type { ChatExample } from './chatExample.ts';

/** All visual states of the chat. Every element of the chat appears in at least one. */
export const chatExamples: readonly ChatExample[] = [...conversationExamples, ...panelExamples];
