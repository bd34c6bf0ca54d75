import { useState } from 'preact/hooks';
import { matchCommands, type SlashCommand } from './commands.ts';

/** Suggested commands and the selection among them. */
export interface CommandCompletion {
  readonly completions: readonly SlashCommand[];
  /** Undefined if no command is suggested. */
  readonly selected: SlashCommand | undefined;
  /** Handles a key. Returns false if the list does not use it. */
  handleKey(key: string): boolean;
  open(): void;
  close(): void;
}

/** Suggests the commands that start with a text. */
export function useCommandCompletion({
  text,
  commands,
  onComplete,
  onRun,
}: {
  /** Null if the text cannot be a command. */
  readonly text: string | null;
  readonly commands: readonly SlashCommand[];
  readonly onComplete: (text: string) => void;
  readonly onRun: (command: SlashCommand) => void;
}): CommandCompletion {
  const [list, setList] = useState({ isOpen: true, selected: 0 });
  const completions = list.isOpen && text !== null ? matchCommands(text, commands) : [];
  const count = completions.length;
  const index = Math.min(list.selected, count - 1);
  const selected = completions[index];
  const select = (next: number) => setList({ isOpen: true, selected: next });
  const close = () => setList({ isOpen: false, selected: 0 });

  return {
    completions,
    selected,
    open: () => select(0),
    close,
    handleKey(key) {
      if (!selected) return false;
      switch (key) {
        case 'ArrowDown':
          select((index + 1) % count);
          return true;
        case 'ArrowUp':
          select((index + count - 1) % count);
          return true;
        case 'Escape':
          close();
          return true;
        case 'Tab':
          onComplete(`/${selected.name}`);
          close();
          return true;
        case 'Enter':
          onRun(selected);
          return true;
        default:
          return false;
      }
    },
  };
}
