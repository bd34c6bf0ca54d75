import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { caretLine } from './caretLine.ts';
import { COMMAND_LIST, commandId, CommandList } from './commandList.tsx';
import { commandIn, completionsOf, type Command } from './commands.ts';
import { draftOf, lineOf, recall, textOf, write, type Line } from './history.ts';

/** Where what is wrong stands, for whoever only hears the textbox. */
const REFUSAL = 'composer-refusal';

/** Where one writes. Enter sends, Shift+Enter begins a line, Up and Down recall what was sent. */
export function Composer({
  textarea,
  agentName,
  start,
  prompts,
  commands,
  canSend,
  onDraft,
  onSend,
  onStop,
}: {
  readonly textarea: RefObject<HTMLTextAreaElement | null>;
  readonly agentName: string | null;
  /** The draft that was kept. */
  readonly start: string;
  /** What can be recalled, the newest first. */
  readonly prompts: readonly string[];
  readonly commands: readonly Command[];
  readonly canSend: boolean;
  readonly onDraft: (draft: string) => void;
  readonly onSend: (prompt: string) => void;
  /** Null while there is nothing to stop. */
  readonly onStop: (() => void) | null;
}): JSX.Element {
  const [line, setLine] = useState(() => lineOf(start));
  const [caret, setCaret] = useState<{ readonly at: number } | null>(null);
  const [list, setList] = useState({ isClosed: false, chosen: 0 });
  const [refusal, setRefusal] = useState<string | null>(null);
  const text = textOf(line, prompts);
  const prompt = text.trim();
  // What was recalled is a prompt as it was sent, and the arrows lead on from it.
  const completions =
    list.isClosed || (line.place > 0 && !line.written.has(line.place))
      ? []
      : completionsOf(text, commands);
  const chosen = completions[Math.min(list.chosen, completions.length - 1)];

  useLayoutEffect(() => {
    if (caret !== null) textarea.current!.setSelectionRange(caret.at, caret.at);
  }, [caret]);

  function put(next: Line): void {
    setLine(next);
    setList({ isClosed: false, chosen: 0 });
    setRefusal(null);
  }

  function type(words: string): void {
    put(write(line, words));
    onDraft(words);
  }

  function clear(): void {
    put(lineOf(''));
    onDraft('');
  }

  function run(command: Command): void {
    if (command.refusal !== null) return setRefusal(`/${command.name}: ${command.refusal}`);
    clear();
    command.run();
  }

  function send(): void {
    const command = commandIn(text, commands);
    if (command) return run(command);
    if (!canSend || prompt === '') return;
    clear();
    onSend(prompt);
  }

  /** Goes back or forth in what was sent, from the text's edge; says whether it did. */
  function travel(step: 1 | -1): boolean {
    const { first, last } = caretLine(textarea.current!);
    const next = (step === 1 ? first : last) ? recall(line, prompts, step) : null;
    if (next === null) return false;
    put(next);
    onDraft(draftOf(next));
    const recalled = textOf(next, prompts);
    // There the next press of the same key leads on.
    const firstLine = recalled.split('\n', 1)[0]!;
    setCaret({ at: step === 1 ? firstLine.length : recalled.length });
    return true;
  }

  /** Does what a key means while commands are offered; says whether it meant something. */
  function chooseBy(key: string): boolean {
    if (!chosen) return false;
    const count = completions.length;
    const index = completions.indexOf(chosen);
    switch (key) {
      case 'ArrowDown':
        setList({ isClosed: false, chosen: (index + 1) % count });
        return true;
      case 'ArrowUp':
        setList({ isClosed: false, chosen: (index + count - 1) % count });
        return true;
      case 'Escape':
        setList({ isClosed: true, chosen: 0 });
        return true;
      case 'Tab':
        type(`/${chosen.name}`);
        setList({ isClosed: true, chosen: 0 });
        return true;
      case 'Enter':
        run(chosen);
        return true;
      default:
        return false;
    }
  }

  /** Does what a key means here; says whether it meant something. */
  function press(key: string): boolean {
    if (chooseBy(key)) return true;
    if (key === 'Enter') send();
    return (
      key === 'Enter' || (key === 'ArrowUp' && travel(1)) || (key === 'ArrowDown' && travel(-1))
    );
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {chosen && <CommandList commands={completions} chosen={chosen} onPick={run} />}
      <p class="unseen" role="status">
        {chosen && (completions.length === 1 ? 'One command' : `${completions.length} commands`)}
      </p>
      <p id={REFUSAL} class="refusal" role="alert">
        {refusal}
      </p>
      <div class="line">
        <textarea
          ref={textarea}
          aria-label="Message"
          aria-describedby={refusal === null ? undefined : REFUSAL}
          aria-autocomplete="list"
          aria-controls={chosen && COMMAND_LIST}
          aria-activedescendant={chosen && commandId(chosen.name)}
          placeholder={agentName === null ? 'Message' : `Message ${agentName}`}
          dir="auto"
          rows={1}
          value={text}
          onInput={({ currentTarget }) => type(currentTarget.value)}
          onBlur={() => setList({ isClosed: true, chosen: 0 })}
          onKeyDown={(event) => {
            const { shiftKey, altKey, ctrlKey, metaKey } = event;
            if (shiftKey || altKey || ctrlKey || metaKey || isComposing(event)) return;
            if (press(event.key)) event.preventDefault();
          }}
        />
        {onStop ? (
          <button
            key="stop"
            type="button"
            class="round primary"
            aria-label="Stop"
            title="Stop"
            onClick={() => {
              onStop();
              textarea.current?.focus();
            }}
          >
            <Icon name="stop" />
          </button>
        ) : (
          <button
            key="send"
            type="submit"
            class="round primary"
            aria-label="Send"
            title="Send (Enter)"
            disabled={!canSend || prompt === ''}
          >
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}

/** Whether Enter belongs to an input method; Safari says so by the key code alone. */
function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}
