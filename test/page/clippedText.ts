import type { Page } from 'playwright-core';

/** Finds text on a page that is cut off and cannot be scrolled to. */
export function findClippedText(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { parentElement: parent, textContent } = texts.currentNode;
      if (
        !parent ||
        !textContent?.trim() ||
        parent.closest('.visuallyHidden, option, script, [hidden]')
      )
        continue;
      const range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      const { left, right, width } = range.getBoundingClientRect();
      if (width === 0) continue;
      for (let box: Element | null = parent; box; box = box.parentElement) {
        const { overflowX, textOverflow } = getComputedStyle(box);
        // Scrollable, or truncated on purpose with the full text in the title.
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
