import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { createAnnouncement } from './announcement.ts';

/** How many announcements stay; a screen reader has queued what is older. */
const KEPT = 5;

/** Tells a screen reader what comes, sentence by sentence; nobody sees it. */
export function Announcer({ last }: { readonly last: Turn | undefined }): JSX.Element {
  const [announcement] = useState(() => createAnnouncement(last));
  const [lines, setLines] = useState<readonly { readonly id: number; readonly words: string }[]>(
    [],
  );
  useEffect(() => {
    const words = announcement.next(last);
    if (words === '') return;
    setLines((before) => [...before.slice(1 - KEPT), { id: (before.at(-1)?.id ?? 0) + 1, words }]);
  }, [last]);
  return (
    <div class="unseen" aria-live="polite">
      {lines.map(({ id, words }) => (
        <p key={id}>{words}</p>
      ))}
    </div>
  );
}
