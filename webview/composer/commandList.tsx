import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SlashCommand } from './commands.ts';

/** By what the textbox names the command that is chosen. */
export function commandId(list: string, { name }: SlashCommand): string {
  return `${list}-${name}`;
}

/** The commands that one may mean, above the composer, which keeps the focus. */
export function CommandList({
  id,
  commands,
  chosen,
  onPick,
}: {
  /** By what the textbox names the list that belongs to it. */
  readonly id: string;
  readonly commands: readonly SlashCommand[];
  readonly chosen: SlashCommand | undefined;
  readonly onPick: (command: SlashCommand) => void;
}): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <ul ref={list} id={id} class="commands" role="listbox" aria-label="Commands">
      {commands.map((command) => (
        <li
          key={command.name}
          id={commandId(id, command)}
          role="option"
          aria-selected={command === chosen}
          aria-disabled={command.refusal !== null}
          // A press must not take the focus from the composer.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(command)}
        >
          <span class="name">/{command.name}</span>
          <span class="does">{command.refusal ?? command.title}</span>
        </li>
      ))}
    </ul>
  );
}
