import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { chatOn } from '../support/chatPage.ts';
import { findAccessibilityViolations } from '../support/accessibility.ts';
import { useObedience } from './obedience.ts';

const openPage = useBrowser();

test('axe finds no fault with the emulator’s page', async () => {
  const page = await openPage(await useObedience());
  const chat = chatOn(page);
  await chat.message.waitFor();
  expect(await findAccessibilityViolations(page)).toEqual([]);
  await chat.ask('**hello**');
  await chat.ask('fail');
  await chat.message.fill('go on');
  await chat.message.press('Enter');
  await page.getByText('on and').waitFor();
  expect(await findAccessibilityViolations(page)).toEqual([]);
});

test('the page is light or dark as the system is', async () => {
  const url = await useObedience();
  const brightness = async (colorScheme: 'light' | 'dark') => {
    const page = await openPage(url, { colorScheme });
    const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    return Number(/\d+/.exec(color)![0]);
  };
  expect(await brightness('light')).toBeGreaterThan(200);
  expect(await brightness('dark')).toBeLessThan(50);
});

test('with forced colours a prompt keeps a visible edge, and so does what has the focus', async () => {
  const page = await openPage(await useObedience(), { forcedColors: 'active' });
  const chat = chatOn(page);
  await chat.ask('hello');
  const edge = (selector: string) =>
    page.locator(selector).evaluate((element) => {
      const { borderTopColor, borderTopStyle, backgroundColor } = getComputedStyle(element);
      return borderTopStyle === 'solid' && borderTopColor !== backgroundColor;
    });
  expect(await edge('article.prompt')).toBe(true);
  expect(await edge('.composer')).toBe(true);
});

test('with reduced motion nothing moves', async () => {
  const page = await openPage(await useObedience(), { reducedMotion: 'reduce' });
  const chat = chatOn(page);
  await chat.message.fill('go on');
  await chat.message.press('Enter');
  await page.getByText('on and').waitFor();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
