import { useEffect, useState } from 'preact/hooks';

/** Duration of the confirmation. */
const COPIED_MILLISECONDS = 2_000;

/** Copies a text. `copied` is true for a moment afterwards. */
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
