import type { JSX, RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { UnsentPrompt } from '../../src/shared/chat/hostMessage.ts';
import { checkJson, describeFault } from '../../src/shared/payloadSyntax.ts';
import { AttachButtons } from '../attachments/attachButtons.tsx';
import { AttachmentList } from '../attachments/attachmentList.tsx';
import { useFiles, type AttachChoice } from '../attachments/useFiles.ts';
import { IconButton } from '../iconButton.tsx';
import { commandId, CommandList } from './commandList.tsx';
import { findCommand, type SlashCommand } from './commands.ts';
import { StopButtons, type TurnStopActions } from './stopButtons.tsx';
import { PayloadButtons, type PayloadChoice } from './payloadButtons.tsx';
import { useCommandCompletion } from './useCommandCompletion.ts';
import { usePromptHistory } from './usePromptHistory.ts';

/** What a composer keeps over a reload. */
export interface Draft {
  readonly draft: string;
  /** Whether it is a payload in JSON, to be sent as it is. */
  readonly isPayload: boolean;
}

/** Where one writes. Enter sends, Shift+Enter begins a line, Up and Down recall what was sent. */
export function Composer({
  textarea,
  agentName,
  start,
  unsent,
  prompts,
  commands,
  payload,
  attach,
  canSend,
  onDraft,
  onSend,
  ends,
}: {
  readonly textarea: RefObject<HTMLTextAreaElement | null>;
  readonly agentName: string | null;
  readonly start: Draft;
  /** What was sent and comes back. */
  readonly unsent: UnsentPrompt | null;
  /** What can be recalled, the newest first. */
  readonly prompts: readonly string[];
  readonly commands: readonly SlashCommand[];
  /** Null where the agent's protocol says what a payload is. */
  readonly payload: PayloadChoice | null;
  /** Null where the agent takes nothing else, or the host is out of reach. */
  readonly attach: AttachChoice | null;
  readonly canSend: boolean;
  readonly onDraft: (draft: Partial<Draft>) => void;
  readonly onSend: (prompt: string, isPayload: boolean) => void;
  /** Null while there is nothing to end. */
  readonly ends: TurnStopActions | null;
}): JSX.Element {
  const id = useId();
  const listId = `${id}-commands`;
  /** Where what is wrong stands, for whoever only hears the textbox. */
  const wrongId = `${id}-wrong`;
  const [refusal, setRefusal] = useState<string | null>(null);
  const [wantsJson, setWantsJson] = useState(start.isPayload);
  /** The payload that is written, and the words that it was made of. */
  const [made, setMade] = useState({ of: '', payload: '' });
  const isPayload = wantsJson && payload !== null;
  const line = usePromptHistory({
    textarea,
    start: start.draft,
    prompts: isPayload ? [] : prompts,
    onDraft: (draft) => onDraft({ draft }),
    onChange: () => {
      setRefusal(null);
      list.open();
    },
  });
  const { text } = line;
  const list = useCommandCompletion({
    // What was recalled is as it was sent, and the arrows lead on from it.
    text: line.isRecalled || isPayload ? null : text,
    commands,
    onComplete: line.type,
    onRun: run,
  });
  const files = useFiles(attach, setRefusal);
  const { chosen, completions } = list;
  const fault = isPayload && text.trim() !== '' ? checkJson(text) : null;
  const wrong = fault ? describeFault(text, fault) : refusal;
  const isSendable = canSend && text.trim() !== '' && fault === null;

  const isAnswering = ends !== null;
  useEffect(() => {
    if (!isAnswering) setRefusal(null);
  }, [isAnswering]);

  // Each prompt that is returned to this composer, not one returned to a composer before it. Not in an
  // effect after painting, which would not know what the user has typed since.
  const last = useRef(unsent);
  useLayoutEffect(() => {
    if (unsent === last.current) return;
    last.current = unsent;
    if (unsent === null) return;
    line.type(text.trim() === '' ? unsent.prompt : `${unsent.prompt}\n${text}`);
    if (unsent.isPayload) writePayload(true);
  }, [unsent]);

  function writePayload(next: boolean): void {
    setWantsJson(next);
    onDraft({ isPayload: next });
  }

  function togglePayload(): void {
    if (isPayload) {
      setMade({ ...made, payload: text });
      line.type(made.of);
    } else {
      // What was changed in it is there again, unless it is to be made of other words.
      const isMade = made.payload !== '' && made.of === text;
      line.type(isMade ? made.payload : payload!.of(text));
      setMade({ of: text, payload: '' });
    }
    writePayload(!isPayload);
    textarea.current?.focus();
  }

  function run(command: SlashCommand): void {
    if (command.refusal !== null) return setRefusal(`/${command.name}: ${command.refusal}`);
    line.type('');
    command.run();
  }

  function send(): void {
    const command = isPayload ? null : findCommand(text, commands);
    if (command) return run(command);
    if (ends && text.trim() !== '') {
      setRefusal(`${agentName ?? 'The agent'} is still answering; what is written waits here.`);
    }
    if (!isSendable) return;
    setMade({ of: '', payload: '' });
    line.type('');
    // It is for once: the next message is words again.
    if (isPayload) writePayload(false);
    onSend(isPayload ? text : text.trim(), isPayload);
  }

  /** Does what a key means here; says whether it meant something. */
  function press(key: string): boolean {
    if (list.press(key)) return true;
    switch (key) {
      case 'Enter':
        send();
        return true;
      case 'ArrowUp':
        return line.travel(1);
      case 'ArrowDown':
        return line.travel(-1);
      default:
        return false;
    }
  }

  return (
    <form
      class="composer"
      onDragOver={(event) => {
        if (attach && event.dataTransfer?.types.includes('Files')) event.preventDefault();
      }}
      onDrop={(event) => {
        if (files.take(event.dataTransfer)) event.preventDefault();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {chosen && <CommandList id={listId} commands={completions} chosen={chosen} onPick={run} />}
      <p class="unseen" role="status">
        {chosen && (completions.length === 1 ? 'One command' : `${completions.length} commands`)}
      </p>
      <p id={wrongId} class="refusal" role="status">
        {wrong}
      </p>
      {attach && (
        <AttachmentList
          attachments={attach.attachments}
          onRemove={(id) => {
            attach.onRemove(id);
            textarea.current?.focus();
          }}
        />
      )}
      {isPayload && attach && attach.attachments.length > 0 && (
        <p class="hint">
          A payload is sent as it stands: what is attached waits for the next words.
        </p>
      )}
      <div class="line">
        <textarea
          ref={textarea}
          class={isPayload ? 'code' : undefined}
          aria-label="Message"
          aria-describedby={wrong === null ? undefined : wrongId}
          aria-invalid={wrong !== null}
          aria-autocomplete="list"
          aria-controls={chosen && listId}
          aria-activedescendant={chosen && commandId(listId, chosen)}
          placeholder={placeholder(agentName, isPayload)}
          dir={isPayload ? 'ltr' : 'auto'}
          spellcheck={!isPayload}
          rows={1}
          value={text}
          onInput={({ currentTarget }) => line.type(currentTarget.value)}
          onPaste={(event) => {
            if (files.take(event.clipboardData)) event.preventDefault();
          }}
          onBlur={list.close}
          onKeyDown={(event) => {
            const { shiftKey, altKey, ctrlKey, metaKey } = event;
            if (shiftKey || altKey || isComposing(event)) return;
            // Where people are used to it, Enter sends with Control or Command too.
            if ((ctrlKey || metaKey) && event.key !== 'Enter') return;
            if (press(event.key)) event.preventDefault();
          }}
        />
      </div>
      <div class="bar">
        {attach && (
          <AttachButtons
            onFiles={(chosenFiles) => {
              files.attach(chosenFiles);
              textarea.current?.focus();
            }}
            onSelection={attach.onSelection}
          />
        )}
        {payload && (
          <PayloadButtons payload={payload} isPayload={isPayload} onToggle={togglePayload} />
        )}
        <span class="space" />
        {ends && (
          <StopButtons key={ends.turn} ends={ends} onDone={() => textarea.current?.focus()} />
        )}
        {(ends === null || canSend) && (
          <IconButton
            icon="send"
            type="submit"
            class="round primary"
            name="Send"
            title="Send (Enter)"
            disabled={!isSendable}
          />
        )}
      </div>
    </form>
  );
}

function placeholder(agentName: string | null, isPayload: boolean): string {
  if (isPayload) return 'A payload in JSON';
  return agentName === null ? 'Message' : `Message ${agentName}`;
}

/** Whether Enter belongs to an input method; Safari says so by the key code alone. */
function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}
