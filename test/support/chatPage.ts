import type { FrameLocator, Locator, Page } from 'playwright-core';

/** Locators of the chat's elements, found by their accessible names where possible. */
export interface ChatPage {
  readonly message: Locator;
  /** The form around the message box. */
  readonly composer: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  readonly newConversation: Locator;
  readonly conversation: Locator;
  /** The content before the first prompt. */
  readonly empty: Locator;
  /** The answers, oldest first. */
  readonly answers: Locator;
  /** Returns the text of each answer. */
  answerTexts(): Promise<string[]>;
  readonly prompts: Locator;
  /** The message about a failed action. */
  readonly problem: Locator;
  /** The session button. Its title contains the session id. */
  readonly session: Locator;
  /** Returns the session's state as shown. */
  readonly sessionState: () => Promise<string>;
  /** Returns the titles in the conversation list. */
  titles(): Promise<string[]>;
  /** Sends a prompt as soon as sending is enabled. */
  begin(prompt: string): Promise<void>;
  /** Sends a prompt and resolves to the text of the complete answer. */
  ask(prompt: string): Promise<string>;
}

/** Creates the locators for a page or a frame. */
export function createChatPage(page: Page | FrameLocator): ChatPage {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const conversation = page.getByRole('log', { name: 'Conversation' });
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  const answers = conversation.locator('article.answer');
  const session = page.locator('header').getByRole('button', { name: /^Session/ });

  async function begin(prompt: string): Promise<void> {
    await message.fill(prompt);
    await page.locator('button[type=submit]:enabled').waitFor();
    await message.press('Enter');
  }

  return {
    message,
    composer: page.locator('.composer'),
    send: button('Send'),
    stop: button('Stop'),
    newConversation: button('New conversation'),
    conversation,
    empty: conversation.locator('.empty'),
    answers,
    answerTexts: async () => (await answers.allInnerTexts()).map((text) => text.trim()),
    problem: page.locator('.problem'),
    prompts: conversation.getByRole('article', { name: 'You', exact: true }),
    session,
    sessionState: async () => (await session.innerText()).replace(/^Session:\s+/, ''),
    titles: () =>
      page
        .getByRole('region', { name: 'Conversations' })
        .locator('.conversation .name')
        .allInnerTexts(),
    begin,
    async ask(prompt) {
      const before = await answers.count();
      await begin(prompt);
      await answers.nth(before).waitFor();
      await page.locator('[role=log][aria-busy=false]').waitFor();
      return (await answers.nth(before).innerText()).trim();
    },
  };
}
