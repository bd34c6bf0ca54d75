import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The chat as one finds it on the page: by what things are called, as a screen reader does. */
export interface ChatPage {
  readonly message: Locator;
  /** All around it. */
  readonly composer: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  readonly newConversation: Locator;
  readonly conversation: Locator;
  /** What is there before the first prompt. */
  readonly empty: Locator;
  /** The answers, oldest first. */
  readonly answers: Locator;
  /** What they say. */
  answerTexts(): Promise<string[]>;
  readonly prompts: Locator;
  /** Why what was asked for could not be done. */
  readonly problem: Locator;
  /** The button of the session; its title has the session's id. */
  readonly session: Locator;
  /** What it says of how the session is. */
  readonly sessionState: () => Promise<string>;
  /** What the conversations in the list are called. */
  titles(): Promise<string[]>;
  /** Sends a prompt as soon as that is possible. */
  begin(prompt: string): Promise<void>;
  /** Sends a prompt and waits until its answer has ended; gives back what the answer says then. */
  ask(prompt: string): Promise<string>;
}

/** Finds the chat's parts on a page or in a frame of it. */
export function chatOn(page: Page | FrameLocator): ChatPage {
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
