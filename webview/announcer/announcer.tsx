import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { createAnnouncement } from './announcement.ts';

/** Number of announcements that stay in the page. Screen readers have queued older ones. */
const MAX_LINES = 5;

/** Announces the answer to screen readers, sentence by sentence. Visually hidden. */
export function Announcer({ last }: { readonly last: Turn | undefined }): JSX.Element {
  const [announcement] = useState(() => createAnnouncement(last));
  const [lines, setLines] = useState<readonly { readonly id: number; readonly text: string }[]>([]);
  useEffect(() => {
    const text = announcement.next(last);
    if (text === '') return;
    setLines((before) => [
      ...before.slice(1 - MAX_LINES),
      { id: (before.at(-1)?.id ?? 0) + 1, text },
    ]);
  }, [last]);
  return (
    <div class="visuallyHidden" aria-live="polite">
      {lines.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
