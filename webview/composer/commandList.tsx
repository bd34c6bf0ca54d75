import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Command } from './commands.ts';

/** By what the textbox names the list that belongs to it. */
export const COMMAND_LIST = 'commands';

/** By what the textbox names the command that is chosen. */
export function commandId(name: string): string {
  return `command-${name}`;
}

/** The commands that one may mean, above the composer, which keeps the focus. */
export function CommandList({
  commands,
  chosen,
  onPick,
}: {
  readonly commands: readonly Command[];
  readonly chosen: Command | undefined;
  readonly onPick: (command: Command) => void;
}): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <ul ref={list} id={COMMAND_LIST} class="commands" role="listbox" aria-label="Commands">
      {commands.map((command) => (
        <li
          key={command.name}
          id={commandId(command.name)}
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
