import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { findAccessibilityViolations } from '../support/accessibility.ts';
import { useScriptedPage } from './scriptedPage.ts';

const openPage = useBrowser();

test('axe finds no accessibility problems on the emulator’s page.', async () => {
  const page = await openPage(await useScriptedPage());
  const chat = createChatPage(page);
  await chat.message.waitFor();
  expect(await findAccessibilityViolations(page)).toEqual([]);
  await chat.ask('**hello**');
  await chat.ask('fail');
  await chat.message.fill('go on');
  await chat.message.press('Enter');
  await page.getByText('on and').waitFor();
  expect(await findAccessibilityViolations(page)).toEqual([]);
});

test('The page follows the color scheme of the system.', async () => {
  const url = await useScriptedPage();
  const brightness = async (colorScheme: 'light' | 'dark') => {
    const page = await openPage(url, { colorScheme });
    const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    return Number(/\d+/.exec(color)![0]);
  };
  expect(await brightness('light')).toBeGreaterThan(200);
  expect(await brightness('dark')).toBeLessThan(50);
});

test('With forced colors, prompts and the composer keep a visible border.', async () => {
  const page = await openPage(await useScriptedPage(), { forcedColors: 'active' });
  const chat = createChatPage(page);
  await chat.ask('hello');
  const hasBorder = (selector: string) =>
    page.locator(selector).evaluate((element) => {
      const { borderTopColor, borderTopStyle, backgroundColor } = getComputedStyle(element);
      return borderTopStyle === 'solid' && borderTopColor !== backgroundColor;
    });
  expect(await hasBorder('article.prompt')).toBe(true);
  expect(await hasBorder('.composer')).toBe(true);
});

test('With reduced motion, nothing is animated.', async () => {
  const page = await openPage(await useScriptedPage(), { reducedMotion: 'reduce' });
  const chat = createChatPage(page);
  await chat.message.fill('go on');
  await chat.message.press('Enter');
  await page.getByText('on and').waitFor();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
