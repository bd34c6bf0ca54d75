import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { CopyButton } from '../copyButton.tsx';
import { IconButton } from '../iconButton.tsx';
import { CodeTargetsContext } from './codeTargets.ts';
import { CodeText } from './codeText.tsx';

/** Code with buttons that copy, insert or open it. */
export function CodeBlock({
  language,
  text,
}: {
  /** Language from the code fence; empty if it names none. */
  readonly language: string;
  readonly text: string;
}): JSX.Element {
  const targets = useContext(CodeTargetsContext);
  return (
    <figure class="code" dir="ltr" aria-label={language === '' ? 'Code' : `Code: ${language}`}>
      <div class="bar">
        <span class="language">{language}</span>
        <CopyButton text={text} what="code" />
        {targets && (
          <>
            <IconButton
              icon="insert"
              name="Insert at the cursor"
              onClick={() => targets.insert(text)}
            />
            <IconButton
              icon="open"
              name="Open in an editor"
              onClick={() => targets.open(text, language)}
            />
          </>
        )}
      </div>
      {/* Scrollable content must be focusable for keyboard users. */}
      <pre tabIndex={0}>
        <CodeText language={language} text={text} />
      </pre>
    </figure>
  );
}
