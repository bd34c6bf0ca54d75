/** Checks if the caret is in the first and in the last visual line, counting wrapped lines. */
export function findCaretLine(textarea: HTMLTextAreaElement): { first: boolean; last: boolean } {
  const { value, selectionStart, selectionEnd, clientWidth } = textarea;
  // A textarea has no API for this, so its text is laid out again with markers in it.
  const mirror = document.createElement('div');
  mirror.className = 'mirror';
  mirror.style.width = `${clientWidth}px`;
  const addMarker = () => mirror.appendChild(document.createElement('span'));
  const top = addMarker();
  mirror.append(value.slice(0, selectionStart));
  const start = addMarker();
  mirror.append(value.slice(selectionStart, selectionEnd));
  const end = addMarker();
  mirror.append(value.slice(selectionEnd));
  const bottom = addMarker();
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
