import type { JSX } from 'preact';
import type { Attachment } from '../../src/shared/attachment.ts';
import { formatSize } from '../../src/shared/formatSize.ts';
import { Icon } from '../icons.tsx';
import { IconButton } from '../iconButton.tsx';

/** Lists the attachments of a message. */
export function AttachmentList({
  attachments,
  onRemove,
}: {
  readonly attachments: readonly Attachment[];
  /** Absent if the message has been sent. */
  readonly onRemove?: (id: string) => void;
}): JSX.Element | null {
  if (attachments.length === 0) return null;
  return (
    <ul class="attachments" aria-label="Attachments">
      {attachments.map((attachment) => {
        const { id, name } = attachment;
        return (
          <li key={id} title={`${name}, ${describeDetail(attachment)}`}>
            <Preview attachment={attachment} />
            <span class="name">{name.slice(name.lastIndexOf('/') + 1)}</span>
            <span class="detail">{describeDetail(attachment)}</span>
            {onRemove && (
              <IconButton
                icon="close"

                name={`Remove ${name}`}
                title="Remove"
                onClick={() => onRemove(id)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Preview({ attachment }: { readonly attachment: Attachment }): JSX.Element {
  if (attachment.type === 'selection') return <Icon name="code" />;
  const { thumbnail } = attachment;
  // The name is beside the thumbnail, so `alt` is empty.
  return thumbnail === null ? <Icon name="file" /> : <img src={thumbnail} alt="" />;
}

function describeDetail(attachment: Attachment): string {
  if (attachment.type !== 'selection') return formatSize(attachment.size);
  const { firstLine, lastLine } = attachment;
  return firstLine === lastLine ? `line ${firstLine}` : `lines ${firstLine}–${lastLine}`;
}
