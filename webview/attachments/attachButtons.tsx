import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { IconButton } from '../iconButton.tsx';

/** Buttons that attach files or the editor’s selection. */
export function AttachButtons({
  onFiles,
  onSelection,
}: {
  readonly onFiles: (files: readonly File[]) => void;
  /** Null if there is no editor beside the chat. */
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
          // Reset, so that the same file can be chosen again.
          currentTarget.value = '';
        }}
      />
      <IconButton
        icon="clip"
        title="Attach files. You can also paste or drop them here"
        name="Attach files"
        onClick={() => picker.current!.click()}
      />
      {onSelection && (
        <IconButton
          icon="code"
          title="Attach the editor’s selection"
          name="Add selection"
          onClick={onSelection}
        />
      )}
    </>
  );
}
