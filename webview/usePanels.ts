import { useRef, useState } from 'preact/hooks';

/** What opens below the header, one at a time. */
export type PanelName = 'session' | 'log' | 'timeline' | 'conversations' | 'aws' | 'template';

/** Which panel is open, and the ways to another. */
export interface Panels {
  /** Null where none is. */
  readonly open: PanelName | null;
  show(name: PanelName): void;
  /** Opens or closes it, by a button that has the focus again when the panel is left. */
  toggle(name: PanelName, button?: HTMLElement): void;
  /** Nothing was done in it, or nothing that leads elsewhere. */
  leave(): void;
  /** What was done in it leads on to what is written next. */
  done(): void;
}

/** Keeps which panel is open. */
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
    leave() {
      if (opener.current) opener.current.focus();
      else focusComposer();
      show(null);
    },
    done() {
      show(null);
      focusComposer();
    },
  };
}
