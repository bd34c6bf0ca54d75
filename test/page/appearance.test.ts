import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { chatExamples } from '../support/chatExamples.ts';
import { createChatPage } from '../support/chatPage.ts';
import { findAccessibilityViolations, findContrastViolations } from '../support/accessibility.ts';
import { useScriptedPage } from './scriptedPage.ts';
import { showExample, useWebview } from './webview.ts';

const openPage = useBrowser();
const openWebview = useWebview(openPage);

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

test('Disabled buttons remain readable.', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const webview = await openWebview({ colorScheme });
    for (const [name, label] of [
      ['session', 'Apply'],
      ['starting', 'What is 12 * 7?'],
      ['payload template', 'Save'],
    ] as const) {
      await showExample(
        webview,
        chatExamples.find((example) => example.name === name)!,
      );
      const button = webview.page.getByRole('button', { name: label, disabled: true });
      // axe skips disabled buttons, so the text is measured on an element that looks the same.
      await button.evaluate((element) => {
        const { color, opacity } = getComputedStyle(element);
        const copy = document.createElement('span');
        copy.textContent = element.textContent;
        copy.style.color = color;
        copy.style.opacity = opacity;
        element.parentElement!.append(copy);
      });
      expect(await findContrastViolations(webview.page), `${name}, ${colorScheme}`).toEqual([]);
    }
  }
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
