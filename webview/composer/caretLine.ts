/** Whether the caret is in the first and in the last line as they are seen, long ones broken. */
export function caretLine(textarea: HTMLTextAreaElement): { first: boolean; last: boolean } {
  const { value, selectionStart, selectionEnd, clientWidth } = textarea;
  // A textarea does not tell, so the same text is laid out once more, with marks in it.
  const mirror = document.createElement('div');
  mirror.className = 'mirror';
  mirror.style.width = `${clientWidth}px`;
  const mark = () => mirror.appendChild(document.createElement('span'));
  const top = mark();
  mirror.append(value.slice(0, selectionStart));
  const start = mark();
  mirror.append(value.slice(selectionStart, selectionEnd));
  const end = mark();
  mirror.append(value.slice(selectionEnd));
  const bottom = mark();
  textarea.parentElement!.append(mirror);
  try {
    return {
      first: start.offsetTop === top.offsetTop,
      last: end.offsetTop === bottom.offsetTop,
    };
  } finally {
    mirror.remove();
  }
}
