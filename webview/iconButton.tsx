import type { ButtonHTMLAttributes, ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icons.tsx';

/** A button that is a small picture; whoever does not see it, or points at it, is told what it does. */
export function IconButton({
  icon,
  name,
  title = name,
  children,
  ...attributes
}: Omit<ButtonHTMLAttributes, 'icon' | 'name' | 'title' | 'children' | 'ref'> & {
  readonly icon: IconName;
  readonly name: string;
  /** Where there is more to say than its name. */
  readonly title?: string;
  /** Words beside the picture. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <button type="button" {...attributes} title={title} aria-label={name}>
      <Icon name={icon} />
      {children}
    </button>
  );
}
