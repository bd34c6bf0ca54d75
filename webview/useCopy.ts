import { useEffect, useState } from 'preact/hooks';

/** How long it says that the copy was made. */
const COPIED_MILLISECONDS = 2_000;

/** Copies a text, and knows for a while that it has. */
export function useCopy(text: string): { readonly copied: boolean; copy(): void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [copied]);
  return {
    copied,
    copy: () => void navigator.clipboard.writeText(text).then(() => setCopied(true)),
  };
}
