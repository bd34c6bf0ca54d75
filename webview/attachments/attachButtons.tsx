import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from '../icons.tsx';

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
      <button
        type="button"
        title="Attach images or files; they can be pasted and dropped here, too"
        aria-label="Attach files"
        onClick={() => picker.current!.click()}
      >
        <Icon name="clip" />
      </button>
      {onSelection && (
        <button
          type="button"
          title="Add the editor’s selection"
          aria-label="Add selection"
          onClick={onSelection}
        >
          <Icon name="code" />
        </button>
      )}
    </>
  );
}
