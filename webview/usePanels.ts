import { useRef, useState } from 'preact/hooks';

/** Panel below the header. Only one is open at a time. */
export type PanelName = 'session' | 'log' | 'timeline' | 'conversations' | 'aws' | 'template';

/** The open panel, and functions that change it. */
export interface Panels {
  /** Null if no panel is open. */
  readonly open: PanelName | null;
  show(name: PanelName): void;
  /** Opens or closes a panel. `close` returns the focus to the button. */
  toggle(name: PanelName, button?: HTMLElement): void;
  /** Closes the panel and restores the focus. */
  close(): void;
  /** Closes the panel after its task is done and moves the focus to the composer. */
  finish(): void;
}

/** Manages the open panel. */
export function usePanels(focusComposer: () => void): Panels {
  const [open, setOpen] = useState<PanelName | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  function show(name: PanelName | null, button: HTMLElement | null = null): void {
    opener.current = button;
    setOpen(name);
  }
  return {
    open,
    show,
    toggle: (name, button) => show(open === name ? null : name, button),
    close() {
      if (opener.current) opener.current.focus();
      else focusComposer();
      show(null);
    },
    finish() {
      show(null);
      focusComposer();
    },
  };
}
