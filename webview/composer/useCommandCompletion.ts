import { useState } from 'preact/hooks';
import { matchCommands, type SlashCommand } from './commands.ts';

/** The commands that are offered, and how one of them is chosen. */
export interface CommandCompletion {
  readonly completions: readonly SlashCommand[];
  /** Undefined where none is offered. */
  readonly chosen: SlashCommand | undefined;
  /** Does what a key means to the list; says whether it meant something. */
  press(key: string): boolean;
  open(): void;
  close(): void;
}

/** Offers the commands that a text may become. */
export function useCommandCompletion({
  text,
  commands,
  onComplete,
  onRun,
}: {
  /** Null where it is none, whatever it is. */
  readonly text: string | null;
  readonly commands: readonly SlashCommand[];
  readonly onComplete: (text: string) => void;
  readonly onRun: (command: SlashCommand) => void;
}): CommandCompletion {
  const [list, setList] = useState({ isOpen: true, chosen: 0 });
  const completions = list.isOpen && text !== null ? matchCommands(text, commands) : [];
  const count = completions.length;
  const index = Math.min(list.chosen, count - 1);
  const chosen = completions[index];
  const choose = (next: number) => setList({ isOpen: true, chosen: next });
  const close = () => setList({ isOpen: false, chosen: 0 });

  return {
    completions,
    chosen,
    open: () => choose(0),
    close,
    press(key) {
      if (!chosen) return false;
      switch (key) {
        case 'ArrowDown':
          choose((index + 1) % count);
          return true;
        case 'ArrowUp':
          choose((index + count - 1) % count);
          return true;
        case 'Escape':
          close();
          return true;
        case 'Tab':
          onComplete(`/${chosen.name}`);
          close();
          return true;
        case 'Enter':
          onRun(chosen);
          return true;
        default:
          return false;
      }
    },
  };
}
