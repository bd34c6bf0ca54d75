import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SlashCommand } from './commands.ts';

/** Element ID of a command in a list. */
export function commandId(list: string, { name }: SlashCommand): string {
  return `${list}-${name}`;
}

/** Suggested commands above the composer. The composer keeps the focus. */
export function CommandList({
  id,
  commands,
  selected,
  onPick,
}: {
  /** Element ID of the list. */
  readonly id: string;
  readonly commands: readonly SlashCommand[];
  readonly selected: SlashCommand | undefined;
  readonly onPick: (command: SlashCommand) => void;
}): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <ul ref={list} id={id} class="commands" role="listbox" aria-label="Commands">
      {commands.map((command) => (
        <li
          key={command.name}
          id={commandId(id, command)}
          role="option"
          aria-selected={command === selected}
          aria-disabled={command.unavailableReason !== null}
          // Pressing the mouse button must not move the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(command)}
        >
          <span class="name">/{command.name}</span>
          <span class="description">
            {command.title}
            {command.unavailableReason !== null && `. ${command.unavailableReason}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
