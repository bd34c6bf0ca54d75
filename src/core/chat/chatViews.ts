import type { HostMessage } from '../../shared/chat/hostMessage.ts';
import type { ChatState } from '../../shared/chat/state.ts';
import type { ViewMessage } from '../../shared/chat/viewMessage.ts';
import { parseViewMessage } from './viewMessage.ts';

/** The host's end of one view. */
export interface ChatView {
  /** Takes a message as it came from the view; throws when it is none of the protocol. */
  receive(message: unknown): void;
  dispose(): void;
}

/** What a view says once it is there. */
export type ChatRequest = Exclude<ViewMessage, { readonly type: 'ready' }>;

/** The views of one chat. */
export interface ChatViews {
  /** Tells all that are ready. */
  post(message: HostMessage): void;
  /** Has them show the list of conversations, or the first that opens. */
  showConversations(): void;
  connect(post: (message: HostMessage) => void): ChatView;
  /** Nothing is posted any more. */
  close(): void;
}

/** Keeps the views of a chat, each of which is told the whole state when it is ready. */
export function createChatViews({
  state,
  handle,
  onReady,
}: {
  readonly state: () => ChatState;
  /** Does what a view asks for; `reply` reaches that view alone. */
  readonly handle: (request: ChatRequest, reply: (answer: HostMessage) => void) => void;
  /** A view is there that was not before. */
  readonly onReady: () => void;
}): ChatViews {
  const ready = new Set<(message: HostMessage) => void>();
  // The view that was opened to show it has not said yet that it is there.
  let listIsWanted = false;

  function tell(message: HostMessage): void {
    for (const post of ready) post(message);
  }

  return {
    post: tell,
    showConversations() {
      listIsWanted = ready.size === 0;
      tell({ type: 'showConversations' });
    },
    connect: (post) => ({
      receive(input) {
        const message = parseViewMessage(input);
        if (message.type !== 'ready') return handle(message, post);
        ready.add(post);
        post({ type: 'state', state: state() });
        if (listIsWanted) post({ type: 'showConversations' });
        listIsWanted = false;
        onReady();
      },
      dispose: () => void ready.delete(post),
    }),
    close: () => ready.clear(),
  };
}
