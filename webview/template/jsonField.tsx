import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { describeFault, type SyntaxFault } from '../../src/shared/payloadSyntax.ts';

/** JSON editor with an error message. */
export function JsonField({
  label,
  hint,
  value,
  fault,
  onInput,
}: {
  readonly label: string;
  readonly hint: ComponentChildren;
  readonly value: string;
  readonly fault: SyntaxFault | null;
  readonly onInput: (value: string) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="json">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="code"
        dir="ltr"
        rows={1}
        spellcheck={false}
        autocomplete="off"
        value={value}
        aria-invalid={fault !== null}
        aria-describedby={`${id}-fault ${id}-hint`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <p id={`${id}-fault`} class="inputError" role="status">
        {fault && describeFault(value, fault)}
      </p>
      <p id={`${id}-hint`} class="hint">
        {hint}
      </p>
    </div>
  );
}
