import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { IconButton } from '../iconButton.tsx';

/** The ways to attach something beside pasting and dropping it. */
export function AttachButtons({
  onFiles,
  onSelection,
}: {
  readonly onFiles: (files: readonly File[]) => void;
  /** Null where there is no editor beside the chat. */
  readonly onSelection: (() => void) | null;
}): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // So that the same can be chosen again.
          currentTarget.value = '';
        }}
      />
      <IconButton
        icon="clip"

        title="Attach images or files; they can be pasted and dropped here, too"
        name="Attach files"
        onClick={() => picker.current!.click()}
      />
      {onSelection && (
        <IconButton
          icon="code"

          title="Add the editor’s selection"
          name="Add selection"
          onClick={onSelection}
        />
      )}
    </>
  );
}
