import type { Page } from 'playwright-core';
import type { HostMessage } from '../../src/shared/chat/hostMessage.ts';
import type { ChatState } from '../../src/shared/chat/state.ts';
import { ARN } from './sampleTurns.ts';
import { startingState } from './chatState.ts';
import { deployedAgent, exampleAgent } from './registry.ts';

/** The parts of Playwright's page and frame API that examples use. */
export type LocatorRoot = Pick<Page, 'getByRole' | 'getByText' | 'getByLabel' | 'locator'>;

/** A visual state of the chat: the messages that create it, and user actions. */
export interface ChatExample {
  readonly name: string;
  readonly messages: readonly HostMessage[];
  /** Performs the user actions that lead to the state. */
  readonly prepare?: (chat: LocatorRoot) => Promise<void>;
}

export const MINUTE = 60_000;
export const agent = exampleAgent('Assistant');
export const deployed = deployedAgent('Customer_Support_Assistant_Of_The_Second_Line', {
  region: 'eu-central-1',
  runtimeArn: ARN,
  qualifier: 'production',
});

/** Creates a state message with the given changes. */
export function stateMessage(state: Partial<ChatState>): HostMessage {
  return {
    type: 'state',
    state: {
      ...startingState,
      connection: { state: 'ready' },
      agents: [agent],
      agent: agent.id,
      hasEditor: true,
      aws: {
        account: { state: 'idle' },
        runtimes: { state: 'idle' },
        details: { state: 'idle' },
      },
      session: {
        state: 'idle',
        endsAt: new Date(Date.now() + 14.5 * MINUTE).toISOString(),
        limit: 'idle-timeout',
      },
      ...state,
    },
  };
}

export const press = (name: string | RegExp) => async (chat: LocatorRoot) =>
  chat.getByRole('button', { name }).first().click();
