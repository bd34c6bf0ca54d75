import type { Page } from 'playwright-core';

/** Finds text on a page that is cut off and cannot be scrolled to. */
export function cutWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all: string[] = [];
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const { parentElement: parent, textContent } = words.currentNode;
      if (!parent || !textContent?.trim() || parent.closest('.unseen, option, script, [hidden]'))
        continue;
      const range = document.createRange();
      range.selectNodeContents(words.currentNode);
      const { left, right, width } = range.getBoundingClientRect();
      if (width === 0) continue;
      for (let box: Element | null = parent; box; box = box.parentElement) {
        const { overflowX, textOverflow } = getComputedStyle(box);
        // The text can be scrolled to, or is shortened on purpose and whole in the title.
        if (/auto|scroll/.test(overflowX) || textOverflow === 'ellipsis') break;
        if (overflowX === 'visible' && box !== document.documentElement) continue;
        const edge = box.getBoundingClientRect();
        if (left < edge.left - 1 || right > edge.right + 1) {
          all.push(`“${textContent}” ends at ${right} in ${box.className} of ${edge.right}`);
          break;
        }
      }
    }
    return all;
  });
}
